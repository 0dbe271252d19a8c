using Cluster.Coordinator.Tasks;
using Cluster.Messages.Wire;

namespace Cluster.Coordinator.Tests.Tasks;

public sealed class TaskTableTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch;
    private static readonly CoordinatorLimits s_limits = new()
    {
        TaskStartDeadline = TimeSpan.FromSeconds(5),
        TaskDeadline = TimeSpan.FromSeconds(100),
    };

    private static readonly RunnerPlace s_first = new(new Address("akka", "test", "node", 1), 0);
    private static readonly RunnerPlace s_second = new(new Address("akka", "test", "node", 2), 0);
    private readonly TaskTable _tasks = new(s_limits);

    public TaskTableTests() => _tasks.Add(3);

    [Fact]
    public void Each_runner_gets_one_task_and_the_next_when_that_is_done()
    {
        _tasks.Assign([s_first, s_second], s_start).ShouldBe([new Assignment(0, s_first), new Assignment(1, s_second)]);
        Started(s_first, 0, s_second, 1);

        _tasks.Assign([s_first, s_second], s_start).ShouldBeEmpty();
        _tasks.OnCompleted(1, Result(1));
        _tasks.Assign([s_first, s_second], s_start).ShouldBe([new Assignment(2, s_second)]);
    }

    [Fact]
    public void A_task_is_answered_by_every_runner_that_was_given_it_though_it_was_passed_over_and_by_no_other()
    {
        _tasks.Assign([s_first], s_start);
        _tasks.Assign([s_first, s_second], s_start.AddSeconds(6));

        _tasks.IsGiven(s_first, 0).ShouldBeTrue();
        _tasks.IsGiven(s_second, 0).ShouldBeTrue();
        _tasks.IsGiven(s_second, 1).ShouldBeFalse();
        _tasks.IsGiven(new RunnerPlace(new Address("akka", "test", "stranger", 1), 0), 0).ShouldBeFalse();
    }

    [Fact]
    public void A_task_that_was_not_confirmed_is_asked_for_again_then_given_to_another()
    {
        _tasks.Assign([s_first], s_start);

        _tasks.Assign([s_first], s_start.AddSeconds(1)).ShouldBe([new Assignment(0, s_first)]);
        _tasks.Assign([s_first, s_second], s_start.AddSeconds(6)).ShouldBe([new Assignment(0, s_second)]);
    }

    [Fact]
    public void A_task_that_runs_is_asked_for_now_and_then_lest_its_result_was_lost()
    {
        _tasks.Assign([s_first], s_start);
        _tasks.OnStarted(s_first, 0);

        _tasks.Assign([s_first], s_start.AddSeconds(1)).ShouldBeEmpty();
        _tasks.Assign([s_first], s_start.AddSeconds(2)).ShouldBe([new Assignment(0, s_first)]);
        _tasks.Assign([s_first], s_start.AddSeconds(3)).ShouldBeEmpty();
    }

    [Fact]
    public void The_task_of_a_lost_runner_goes_to_another()
    {
        _tasks.Assign([s_first, s_second], s_start);
        Started(s_first, 0, s_second, 1);

        _tasks.OnLost(s_first.Node).ShouldBe([0]);
        _tasks.OnLost(s_first.Node).ShouldBeEmpty();
        _tasks.OnCompleted(1, Result(1));
        _tasks.Assign([s_second], s_start).ShouldBe([new Assignment(0, s_second)]);
    }

    [Fact]
    public void A_node_has_a_task_for_each_of_its_runners_and_all_are_free_again_when_it_is_lost()
    {
        RunnerPlace[] both = [.. RunnerPlace.On(s_first.Node, 2)];

        _tasks.Assign(both, s_start).Select(assignment => assignment.Runner).ShouldBe(both);
        _tasks.OnLost(s_first.Node).Order().ShouldBe([0, 1]);
        _tasks.Assign([s_second], s_start).ShouldBe([new Assignment(0, s_second)]);
    }

    [Fact]
    public void A_runner_that_refused_rests_before_it_is_asked_again()
    {
        _tasks.Assign([s_first], s_start);
        _tasks.OnRefused(s_first, 0, s_start);

        _tasks.Assign([s_first], s_start.AddSeconds(4)).ShouldBeEmpty();
        _tasks.Assign([s_first], s_start.AddSeconds(5)).ShouldBe([new Assignment(0, s_first)]);
    }

    [Fact]
    public void A_task_that_runs_beyond_its_deadline_goes_to_another_and_the_first_result_wins()
    {
        _tasks.Assign([s_first], s_start);
        _tasks.OnStarted(s_first, 0);

        _tasks.Assign([s_first, s_second], s_start.AddSeconds(101)).ShouldBe([new Assignment(0, s_second)]);
        _tasks.IsNew(0).ShouldBeTrue();
        _tasks.OnCompleted(0, Result(0));
        _tasks.OnCompleted(0, Result(7));
        _tasks.IsNew(0).ShouldBeFalse();
        _tasks.ResultOf(0).ShouldBe(Result(0));
        _tasks.Completed.ShouldBe(1);
    }

    [Fact]
    public void Results_stand_by_index_whatever_the_order_they_came_in()
    {
        foreach (int index in (int[])[2, 0, 1]) _tasks.OnCompleted(index, Result(index));

        _tasks.IsComplete.ShouldBeTrue();
        Enumerable.Range(0, 3).Select(_tasks.ResultOf).ShouldBe([Result(0), Result(1), Result(2)]);
        _tasks.Assign([s_first], s_start).ShouldBeEmpty();
        _tasks.IsNew(3).ShouldBeFalse();
        _tasks.IsNew(-1).ShouldBeFalse();
    }

    [Fact]
    public void Tasks_that_are_added_are_given_out_when_those_before_are_done()
    {
        foreach (int index in (int[])[2, 0, 1]) _tasks.OnCompleted(index, Result(index));

        _tasks.Add(2);

        _tasks.IsComplete.ShouldBeFalse();
        _tasks.Assign([s_first, s_second], s_start).ShouldBe([new Assignment(3, s_first), new Assignment(4, s_second)]);
    }

    private void Started(RunnerPlace a, int first, RunnerPlace b, int second)
    {
        _tasks.OnStarted(a, first);
        _tasks.OnStarted(b, second);
    }

    private static TaskBytes Result(int index) => new(new[] { (byte)index });
}
