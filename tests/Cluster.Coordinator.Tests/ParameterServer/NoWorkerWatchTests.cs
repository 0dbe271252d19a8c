using Cluster.Coordinator.ParameterServer;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class NoWorkerWatchTests
{
    private static readonly CoordinatorLimits s_limits = new()
    {
        RoundTick = TimeSpan.FromSeconds(1),
        NoWorkerWarning = TimeSpan.FromSeconds(3),
    };

    [Fact]
    public void It_warns_again_and_again_but_waits_for_ever_by_default()
    {
        NoWorkerWatch watch = new(s_limits);

        NoWorkerVerdict[] verdicts = [.. Enumerable.Range(0, 7).Select(_ => watch.Tick(anyWorker: false))];

        int[] warned = [.. Enumerable.Range(1, 7).Where(tick => verdicts[tick - 1] == NoWorkerVerdict.Warn)];
        warned.ShouldBe([3, 6]);
        verdicts.ShouldNotContain(NoWorkerVerdict.GiveUp);
    }

    [Fact]
    public void A_worker_that_came_in_between_starts_the_count_afresh()
    {
        NoWorkerWatch watch = new(s_limits with { NoWorkerLimit = TimeSpan.FromSeconds(3) });
        watch.Tick(false);
        watch.Tick(false);
        watch.Tick(true);

        watch.Tick(false).ShouldBe(NoWorkerVerdict.Wait);
        watch.Tick(false).ShouldBe(NoWorkerVerdict.Wait);
        watch.Tick(false).ShouldBe(NoWorkerVerdict.GiveUp);
    }
}
