using Cluster.Coordinator.Tasks;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Coordinator.Tests.Tasks;

public sealed class FoldTableTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch;
    private static readonly CoordinatorLimits s_limits = new()
    {
        TaskStartDeadline = TimeSpan.FromSeconds(5),
        TaskDeadline = TimeSpan.FromSeconds(100),
    };

    private static readonly Address s_first = new("akka", "test", "node", 1);
    private static readonly Address s_second = new("akka", "test", "node", 2);
    private readonly FoldTable _folds = new(3, s_limits);

    [Fact]
    public void Each_runner_gets_one_task_and_the_next_when_that_is_done()
    {
        _folds.Assign([s_first, s_second], s_start).ShouldBe([new Assignment(0, s_first), new Assignment(1, s_second)]);
        Started(s_first, 0, s_second, 1);

        _folds.Assign([s_first, s_second], s_start).ShouldBeEmpty();
        _folds.OnCompleted(Result(1));
        _folds.Assign([s_first, s_second], s_start).ShouldBe([new Assignment(2, s_second)]);
    }

    [Fact]
    public void A_fold_is_answered_by_whoever_was_given_it_though_it_was_passed_over_and_by_nobody_else()
    {
        _folds.Assign([s_first], s_start);
        _folds.Assign([s_first, s_second], s_start.AddSeconds(6));

        _folds.IsGiven(s_first, 0).ShouldBeTrue();
        _folds.IsGiven(s_second, 0).ShouldBeTrue();
        _folds.IsGiven(s_second, 1).ShouldBeFalse();
        _folds.IsGiven(new Address("akka", "test", "stranger", 1), 0).ShouldBeFalse();
    }

    [Fact]
    public void A_task_that_was_not_confirmed_is_asked_for_again_then_given_to_another()
    {
        _folds.Assign([s_first], s_start);

        _folds.Assign([s_first], s_start.AddSeconds(1)).ShouldBe([new Assignment(0, s_first)]);
        _folds.Assign([s_first, s_second], s_start.AddSeconds(6)).ShouldBe([new Assignment(0, s_second)]);
    }

    [Fact]
    public void A_task_that_runs_is_asked_for_now_and_then_lest_its_result_was_lost()
    {
        _folds.Assign([s_first], s_start);
        _folds.OnStarted(s_first, 0);

        _folds.Assign([s_first], s_start.AddSeconds(1)).ShouldBeEmpty();
        _folds.Assign([s_first], s_start.AddSeconds(2)).ShouldBe([new Assignment(0, s_first)]);
        _folds.Assign([s_first], s_start.AddSeconds(3)).ShouldBeEmpty();
    }

    [Fact]
    public void The_task_of_a_lost_runner_goes_to_another()
    {
        _folds.Assign([s_first, s_second], s_start);
        Started(s_first, 0, s_second, 1);

        _folds.OnLost(s_first).ShouldBe(0);
        _folds.OnLost(s_first).ShouldBeNull();
        _folds.OnCompleted(Result(1));
        _folds.Assign([s_second], s_start).ShouldBe([new Assignment(0, s_second)]);
    }

    [Fact]
    public void A_runner_that_refused_rests_before_it_is_asked_again()
    {
        _folds.Assign([s_first], s_start);
        _folds.OnRefused(s_first, 0, s_start);

        _folds.Assign([s_first], s_start.AddSeconds(4)).ShouldBeEmpty();
        _folds.Assign([s_first], s_start.AddSeconds(5)).ShouldBe([new Assignment(0, s_first)]);
    }

    [Fact]
    public void A_task_that_runs_beyond_its_deadline_goes_to_another_and_the_first_result_wins()
    {
        _folds.Assign([s_first], s_start);
        _folds.OnStarted(s_first, 0);

        _folds.Assign([s_first, s_second], s_start.AddSeconds(101)).ShouldBe([new Assignment(0, s_second)]);
        _folds.IsNew(Result(0)).ShouldBeTrue();
        _folds.OnCompleted(Result(0));
        _folds.IsNew(Result(0)).ShouldBeFalse();
    }

    [Fact]
    public void Results_stand_by_index_whatever_the_order_they_came_in()
    {
        foreach (int index in (int[])[2, 0, 1]) _folds.OnCompleted(Result(index));

        _folds.IsComplete.ShouldBeTrue();
        _folds.Figures().Select(fold => fold.Figures[0]).ShouldBe(
            [new NamedFigure("accuracy", 0), new NamedFigure("accuracy", 0.5), new NamedFigure("accuracy", 1)]);
        _folds.Assign([s_first], s_start).ShouldBeEmpty();
        _folds.IsNew(Result(3)).ShouldBeFalse();
    }

    private void Started(Address a, int first, Address b, int second)
    {
        _folds.OnStarted(a, first);
        _folds.OnStarted(b, second);
    }

    private static TaskCompleted Result(int index) => new(
        new TaskId(Some.Job, index), new WorkerId("w"), ["accuracy"],
        new TensorPayload(PayloadKind.Float64, Some.Doubles(index / 2.0).Memory), "hash");
}
