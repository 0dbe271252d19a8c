using System.Collections.Immutable;
using Cluster.Seed.Dashboard.Charts;

namespace Cluster.Seed.Tests.Dashboard.Charts;

public sealed class ThinnedCurveTests
{
    [Fact]
    public void A_hundred_thousand_points_take_bounded_room_and_keep_their_spikes()
    {
        ThinnedCurve curve = new();
        for (int i = 0; i < 100_000; i++) curve.Add(i, i switch { 31_337 => 50, 77_777 => -50, _ => Math.Sin(i / 1000.0) });

        ImmutableArray<CurvePoint> points = curve.Points();

        curve.Count.ShouldBe(100_000);
        points.Length.ShouldBeLessThanOrEqualTo((2 * ThinnedCurve.BucketsMax) + 1);
        points.ShouldContain(new CurvePoint(31_337, 50));
        points.ShouldContain(new CurvePoint(77_777, -50));
        points[0].X.ShouldBe(0, 1000);
        points[^1].ShouldBe(new CurvePoint(99_999, Math.Sin(99.999)));
        points.Zip(points.Skip(1)).ShouldAllBe(pair => pair.Item1.X < pair.Item2.X);
        (curve.Lowest, curve.Highest).ShouldBe((-50, 50));
    }

    [Fact]
    public void Few_points_are_all_kept()
    {
        ThinnedCurve curve = new();
        for (int i = 0; i < ThinnedCurve.BucketsMax; i++) curve.Add(i, i % 7);

        curve.Points().ShouldBe(Enumerable.Range(0, ThinnedCurve.BucketsMax).Select(i => new CurvePoint(i, i % 7)));
    }

    [Theory]
    [InlineData(5, 1)]          // a step that is taken again
    [InlineData(3, 1)]
    [InlineData(6, double.NaN)]
    [InlineData(6, double.PositiveInfinity)]
    [InlineData(double.NaN, 1)]
    public void What_is_no_new_point_is_passed_over(double x, double y)
    {
        ThinnedCurve curve = new();
        curve.Add(5, 2);

        curve.Add(x, y);

        curve.Points().ShouldBe([new CurvePoint(5, 2)]);
    }

    [Fact]
    public void Without_points_there_is_nothing_to_draw()
    {
        ThinnedCurve curve = new();

        curve.Points().ShouldBeEmpty();
        curve.Last.ShouldBeNull();
        double.IsNaN(curve.Lowest).ShouldBeTrue();
    }
}
