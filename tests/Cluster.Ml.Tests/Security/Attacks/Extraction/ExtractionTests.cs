using Cluster.Ml.Data;
using Cluster.Ml.Randomness;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Tests.Security.Attacks.Evasion;

namespace Cluster.Ml.Tests.Security.Attacks.Extraction;

/// <summary>Digits' model, stolen by its answers.</summary>
public sealed class ExtractionTests
{
    // What a substitute is worth: more than changes of the same size at random, by three standard errors of a difference of two shares of 100 rows, at most √(2·¼/100).
    [Fact]
    public void More_queries_agree_more_and_the_stolen_model_serves_as_a_substitute()
    {
        AttackTarget target = SomeVictim.TargetOf(SomeVictim.Digits);

        AttackReport report = AttackRegistry.Find("extract")!.Run(target, new AttackSettings { Queries = 800 });

        double[] curve = [.. report.Figures["curve"]!.AsArray().Select(point => point!["agreement"]!.GetValue<double>())];
        curve[^1].ShouldBeGreaterThan(0.93);
        curve[0].ShouldBeLessThan(curve[^1]);
        report.Figures["agreement"]!.GetValue<double>().ShouldBe(curve[^1]);
        AttackTarget with = new() { Model = target.Model, Data = target.Data, Rows = 100, Substitute = report.Substitute };
        double attacked = AttackRegistry.Find("transfer")!.Run(with, new AttackSettings { Epsilon = 4 }).Figures["attacked_accuracy"]!.GetValue<double>();
        attacked.ShouldBeLessThan(AccuracyUnderNoise(with, 4) - (3 * Math.Sqrt(0.5 / 100)));
    }

    private static double AccuracyUnderNoise(AttackTarget target, float epsilon)
    {
        (AttackedRows rows, AttackUnits units) = target.Read();
        RandomStream random = RandomStream.At(1, RandomPurpose.Attack, 0);
        float[] changed = [.. rows.Numbers.Select(value => Math.Clamp(value + (random.Next(2) == 0 ? epsilon : -epsilon), 0, 16))];
        int[] said = new int[rows.Count];
        target.Open(units).Predict(changed, said);
        return (double)said.Where((predicted, row) => predicted == rows.Labels[row]).Count() / rows.Count;
    }

    [Fact]
    public void Too_few_rows_are_refused() => Should.Throw<BadInputException>(
        () => AttackRegistry.Find("extract")!.Run(SomeVictim.TargetOf(SomeVictim.Digits, 10), new AttackSettings())).Message.ShouldContain("rows");
}
