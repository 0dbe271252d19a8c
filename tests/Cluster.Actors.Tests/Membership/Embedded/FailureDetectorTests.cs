using Cluster.Actors.Membership.State;

namespace Cluster.Actors.Tests.Membership.Embedded;

public sealed class FailureDetectorTests
{
    private static readonly DateTimeOffset s_start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly UniqueAddress s_node = new(new Address("akka", "net", "a", 1), 1);

    private static readonly ClusterSettings s_settings = new()
    {
        HeartbeatInterval = TimeSpan.FromSeconds(1),
        AcceptablePause = TimeSpan.FromSeconds(3),
    };

    /// <summary>Quantiles of the normal distribution as tables print them: Q(k) = 10^-exponent.</summary>
    [Theory]
    [InlineData(1, 1.281552)]
    [InlineData(2, 2.326348)]
    [InlineData(3, 3.090232)]
    [InlineData(6, 4.753424)]
    [InlineData(8, 5.612001)]
    [InlineData(12, 7.034484)]
    public void The_quantiles_are_those_of_the_normal_distribution(double exponent, double quantile) =>
        NormalTail.Quantile(exponent).ShouldBe(quantile, 2e-6);

    [Fact]
    public void Until_enough_is_known_a_quarter_of_the_interval_is_the_deviation() =>
        new FailureDetector(s_settings).Patience(ArrivalHistory.Start(s_start)).TotalSeconds.ShouldBe(3 + 1 + (5.612001 * 0.25), 1e-5);

    [Fact]
    public void Regular_heartbeats_make_for_less_patience_than_irregular_ones()
    {
        FailureDetector detector = new(s_settings);
        // Intervals of 0.8 and 1.2 s: mean 1, deviation 0.2.
        detector.Patience(Beating(detector, 0.8, 1.2)).TotalSeconds.ShouldBe(3 + 1 + (5.612001 * 0.2), 1e-5);
        // None is taken to be more regular than a tenth of the interval.
        detector.Patience(Beating(detector, 1, 1)).TotalSeconds.ShouldBe(3 + 1 + (5.612001 * 0.1), 1e-5);
        // However irregular they are, four intervals beyond the pause end all patience.
        detector.Patience(Beating(detector, 0.1, 4)).ShouldBe(detector.PatienceMax);
        detector.PatienceMax.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void The_last_hundred_intervals_count()
    {
        FailureDetector detector = new(s_settings);
        ArrivalHistory history = ArrivalHistory.Start(s_start).Beat(s_start, detector);
        DateTimeOffset now = s_start;
        for (int i = 0; i < 250; i++) history = history.Beat(now += TimeSpan.FromSeconds(i < 150 ? 4 : 2), detector);
        history.Count.ShouldBe(ArrivalHistory.IntervalsMax);
        history.Intervals.Count().ShouldBe(ArrivalHistory.IntervalsMax);
        history.Mean.ShouldBe(TimeSpan.FromSeconds(2).Ticks);
        history.Variance.ShouldBe(0);
    }

    [Fact]
    public void Refused_connections_speed_suspicion_only_beside_silence()
    {
        FailureDetector detector = new(s_settings);
        HeartbeatTable table = HeartbeatTable.Empty.Look([s_node], s_start, s_settings.HeartbeatInterval);
        DateTimeOffset later = s_start + TimeSpan.FromSeconds(3.5);

        HeartbeatTable once = table.Doubt(s_node.Address);
        once.Suspected(later, detector).ShouldBeEmpty();
        HeartbeatTable twice = once.Doubt(s_node.Address);
        twice.Suspected(s_start + TimeSpan.FromSeconds(2), detector).ShouldBeEmpty();
        twice.Suspected(later, detector).ShouldBe([s_node]);
        twice.Heard(s_node, s_start + TimeSpan.FromSeconds(1)).Suspected(later, detector).ShouldBeEmpty();
        // Nobody is taken to have ended because of them.
        twice.Silent(later, detector.PatienceMax).ShouldBeEmpty();
    }

    [Fact]
    public void Time_in_which_the_listener_did_not_run_is_forgiven()
    {
        FailureDetector detector = new(s_settings);
        HeartbeatTable table = HeartbeatTable.Empty.Look([s_node], s_start, s_settings.HeartbeatInterval);
        DateTimeOffset later = s_start + TimeSpan.FromMinutes(1);
        table.Suspected(later, detector).ShouldBe([s_node]);
        table.Look([s_node], later, s_settings.HeartbeatInterval).Suspected(later, detector).ShouldBeEmpty();
    }

    private static ArrivalHistory Beating(FailureDetector detector, double odd, double even)
    {
        DateTimeOffset now = s_start;
        ArrivalHistory history = ArrivalHistory.Start(now).Beat(now, detector);
        for (int i = 0; i < 40; i++) history = history.Beat(now += TimeSpan.FromSeconds(i % 2 == 0 ? odd : even), detector);
        return history;
    }
}
