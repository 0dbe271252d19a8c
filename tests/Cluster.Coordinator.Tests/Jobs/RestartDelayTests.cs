using Cluster.Coordinator.Jobs;

namespace Cluster.Coordinator.Tests.Jobs;

public sealed class RestartDelayTests
{
    private static readonly CoordinatorLimits s_limits = new()
    {
        BackoffMin = TimeSpan.FromSeconds(1),
        BackoffMax = TimeSpan.FromSeconds(5),
        FailuresMax = 4,
    };

    [Fact]
    public void The_pause_doubles_up_to_the_longest_and_begins_anew_after_progress()
    {
        RestartDelay delay = new(s_limits);

        Enumerable.Range(0, 4).Select(_ => delay.Fail(step: 7).TotalSeconds).ShouldBe([1, 2, 4, 5]);
        delay.IsExhausted.ShouldBeFalse();
        delay.Fail(step: 3);
        delay.IsExhausted.ShouldBeTrue();
        delay.Reached(8);
        delay.Fail(step: 8).TotalSeconds.ShouldBe(1);
    }

    [Fact]
    public void Coming_back_to_the_place_where_it_failed_is_no_progress()
    {
        RestartDelay delay = new(s_limits);
        delay.Fail(step: 7);

        delay.Reached(7);

        delay.Fail(step: 7).TotalSeconds.ShouldBe(2);
    }
}
