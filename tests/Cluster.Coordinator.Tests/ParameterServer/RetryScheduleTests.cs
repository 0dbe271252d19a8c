using Cluster.Coordinator.ParameterServer;

namespace Cluster.Coordinator.Tests.ParameterServer;

public sealed class RetryScheduleTests
{
    [Fact]
    public void An_unfinished_round_is_asked_for_again_ever_more_slowly_up_to_the_longest_interval()
    {
        RetrySchedule pacer = new();
        pacer.Tick(7).ShouldBeFalse();

        int[] asked = [.. Enumerable.Range(1, 40).Where(_ => pacer.Tick(7))];

        asked.ShouldBe([1, 3, 7, 15, 25, 35]);
        pacer.Repeats.ShouldBe(6);
    }

    [Fact]
    public void A_new_round_begins_with_the_shortest_interval()
    {
        RetrySchedule pacer = new();
        for (int i = 0; i < 20; i++) pacer.Tick(7);

        pacer.Tick(8).ShouldBeFalse();
        pacer.Tick(8).ShouldBeTrue();
        pacer.Repeats.ShouldBe(1);
    }
}
