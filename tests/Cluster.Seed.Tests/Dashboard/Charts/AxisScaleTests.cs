using Cluster.Seed.Dashboard.Charts;

namespace Cluster.Seed.Tests.Dashboard.Charts;

public sealed class AxisScaleTests
{
    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(-3.0, 17.0)]
    [InlineData(1e-12, 2e-12)]
    [InlineData(5.0, 5.0)]
    [InlineData(0.0, 0.0)]
    [InlineData(-1e300, 1e300)]
    [InlineData(double.MinValue, double.MaxValue)]
    [InlineData(99.99, 100.01)]
    [InlineData(0.6931471805599453, 0.6931471805599454)]       // equal but for rounding: a fifth of that is no step
    [InlineData(0.0, double.Epsilon)]
    public void Ticks_are_few_and_lie_within(double low, double high)
    {
        AxisScale scale = AxisScale.Of([low, high]);

        double[] ticks = [.. scale.Ticks];

        ticks.Length.ShouldBeInRange(1, 12);
        ticks.ShouldAllBe(tick => scale.PlaceOf(tick) >= -1e-6 && scale.PlaceOf(tick) <= 1 + 1e-6);
        scale.PlaceOf(low).ShouldBeInRange(0, 1);
        scale.PlaceOf(high).ShouldBeInRange(0, 1);
    }

    [Fact]
    public void Ticks_are_round() => AxisScale.Of([0.13, 0.97]).Ticks.Select(AxisScale.TextOf).ShouldBe(["0.2", "0.4", "0.6", "0.8"]);

    [Fact]
    public void An_axis_of_epochs_has_whole_ticks() => AxisScale.Of([1, 3], whole: true).Ticks.ShouldBe([1, 2, 3]);

    [Fact]
    public void No_value_gives_an_axis_all_the_same() => AxisScale.Of([]).Ticks.ShouldNotBeEmpty();
}
