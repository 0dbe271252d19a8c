using Cluster.Coordinator.ParameterServer;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class RecoveryMeterTests
{
    private readonly RecoveryMeter _meter = new();

    [Fact]
    public void Without_a_loss_nothing_is_reported()
    {
        _meter.OnComplete(0, Seconds(1)).ShouldBeEmpty();

        _meter.Figures.ShouldBeEmpty();
    }

    [Fact]
    public void A_round_that_did_without_what_was_lost_does_not_end_the_recovery()
    {
        _meter.OnLost(Seconds(10), round: 5);

        _meter.OnComplete(4, Seconds(11)).ShouldBeEmpty();
        _meter.OnComplete(5, Seconds(13)).ShouldBe([Seconds(3)]);
        _meter.OnComplete(6, Seconds(14)).ShouldBeEmpty();
    }

    [Fact]
    public void Each_of_two_losses_that_overlap_has_its_own_time()
    {
        _meter.OnLost(Seconds(10), round: 5);
        _meter.OnLost(Seconds(11), round: 6);

        _meter.OnComplete(5, Seconds(12)).ShouldBe([Seconds(2)]);
        _meter.OnComplete(6, Seconds(14)).ShouldBe([Seconds(3)]);
        _meter.Count.ShouldBe(2);
    }

    [Fact]
    public void The_report_tells_how_often_and_how_long()
    {
        foreach (double took in new[] { 0.1, 0.9, 0.2 })
        {
            _meter.OnLost(Seconds(20), round: 0);
            _meter.OnComplete(0, Seconds(20 + took));
        }

        _meter.Figures.Select(figure => figure.Name).ShouldBe(["recoveries", "recovery_ms_median", "recovery_ms_worst"]);
        _meter.Figures.Select(figure => Math.Round(figure.Value)).ShouldBe([3, 200, 900]);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
