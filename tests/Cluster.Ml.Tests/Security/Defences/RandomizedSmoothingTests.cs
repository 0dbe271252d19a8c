using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Security.Attacks.Evasion;
using Cluster.Ml.Security.Defences;
using Cluster.Ml.Tests.Security.Attacks.Evasion;

namespace Cluster.Ml.Tests.Security.Defences;

/// <summary>Certified radii.</summary>
public sealed class RandomizedSmoothingTests
{
    // All of n right: p^n = α.
    [Theory]
    [InlineData(100, 100, 0.001)]
    [InlineData(1000, 1000, 0.05)]
    public void The_bound_of_a_share_has_a_closed_form(int right, int count, double alpha) =>
        RandomizedSmoothing.LowerBound(right, count, alpha).ShouldBe(Math.Pow(alpha, 1.0 / count), 1e-9);

    // Clopper and Pearson's table: of 10 tries 8 right, one-sided 95 %.
    [Fact]
    public void The_bound_of_a_share_is_the_published_one() => RandomizedSmoothing.LowerBound(8, 10, 0.05).ShouldBe(0.4931, 5e-5);

    // Of a line P(f(x + noise) right) = Φ(|f|/(σ‖w‖)): the radius is the distance from the plane, less what sampling costs.
    [Fact]
    public void Of_a_line_the_radius_is_just_below_the_distance()
    {
        AttackedRows rows = SomeVictim.RowsOfLine(12);
        for (int row = 0; row < rows.Count; row++)
        {
            double distance = Math.Abs(SomeVictim.ValueOf(rows.Row(row))) / SomeVictim.Length;
            (int told, double radius) = RandomizedSmoothing.Certify(SomeVictim.Line(), rows, row, distance, 4000, 1);

            told.ShouldBe(rows.Labels[row]);
            (radius / distance).ShouldBeInRange(0.88, 1);
        }
    }

    [Fact]
    public void No_attack_within_the_radius_fools_the_certified_rows_more_often_than_it_says()
    {
        AttackReport report = AttackRegistry.Find("certify")!.Run(SomeVictim.TargetOf(SomeVictim.Digits, 40), new AttackSettings { Noise = 2, Queries = 300, Epsilon = 1 });

        double certified = report.Figures["certified_accuracy"]!.GetValue<double>(), smoothed = report.Figures["smoothed_accuracy"]!.GetValue<double>();
        smoothed.ShouldBeGreaterThan(0.8);
        certified.ShouldBeInRange(0.5, smoothed);
        new Pgd().Run(SomeVictim.TargetOf(SomeVictim.Digits, 40), new AttackSettings { Norm = Norm.L2, Epsilon = 1 }).Figures["attacked_accuracy"]!.GetValue<double>()
            .ShouldBeGreaterThanOrEqualTo(certified - 0.05);
    }
}
