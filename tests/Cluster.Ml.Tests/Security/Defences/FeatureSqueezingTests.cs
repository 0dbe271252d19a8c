using Cluster.Ml.Data;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Tests.Security.Attacks.Evasion;

namespace Cluster.Ml.Tests.Security.Defences;

public class FeatureSqueezingTests
{
    [Fact]
    public void It_flags_many_attacked_rows_and_few_clean_ones()
    {
        AttackReport report = Run(new AttackSettings { Epsilon = 2 }, 600);

        report.Figures["attacked_accuracy"]!.GetValue<double>().ShouldBeLessThan(0.5);
        double clean = report.Figures["false_positive_rate"]!.GetValue<double>(), attacked = report.Figures["detection_rate"]!.GetValue<double>();
        clean.ShouldBeLessThan(0.12);
        attacked.ShouldBeGreaterThan(3 * clean);
    }

    [Fact]
    public void Where_no_row_falls_there_is_nothing_to_detect() =>
        Run(new AttackSettings { Epsilon = 1e-6, Steps = 2 }, 60).Figures["detection_rate"].ShouldBeNull();

    [Fact]
    public void Too_few_rows_and_unknown_attacks_are_refused()
    {
        Should.Throw<BadInputException>(() => Run(new AttackSettings(), 20)).Message.ShouldContain("at least 40 rows");
        Should.Throw<BadInputException>(() => Run(new AttackSettings { With = "magic" }, 60)).Message.ShouldContain("apgd");
    }

    private static AttackReport Run(AttackSettings settings, int rows) => AttackRegistry.Find("detect")!.Run(SomeVictim.TargetOf(SomeVictim.Digits, rows), settings);
}
