using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Worker.Tasks;

namespace Cluster.Worker.Tests.Tasks;

public sealed class TaskRunnerStateTests
{
    private readonly TaskRunnerState _state = new();

    [Fact]
    public void One_task_runs_and_the_next_ones_wait()
    {
        _state.OnRun(Fold(0)).ShouldBe(TaskVerdict.Run);
        _state.OnRun(Fold(1)).ShouldBe(TaskVerdict.Confirm);

        _state.Running!.Task.Index.ShouldBe(0);
        _state.Waiting.ShouldBe(1);
    }

    [Fact]
    public void A_full_queue_refuses()
    {
        for (int i = 0; i <= TaskRunnerState.QueueMax; i++) _state.OnRun(Fold(i)).ShouldNotBe(TaskVerdict.Refuse);

        _state.OnRun(Fold(99)).ShouldBe(TaskVerdict.Refuse);
    }

    [Fact]
    public void A_task_asked_for_twice_is_run_once()
    {
        _state.OnRun(Fold(0));
        _state.OnRun(Fold(1));

        _state.OnRun(Fold(0)).ShouldBe(TaskVerdict.Confirm);
        _state.OnRun(Fold(1)).ShouldBe(TaskVerdict.Confirm);

        _state.Waiting.ShouldBe(1);
    }

    [Fact]
    public void Tasks_run_in_the_order_in_which_they_came_even_when_repeated()
    {
        for (int i = 0; i < 4; i++) _state.OnRun(Fold(i));
        _state.OnRun(Fold(1));

        int[] order = [.. Enumerable.Range(0, 3).Select(i => _state.OnEnded(Result(i))!.Task.Index)];

        order.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_finished_task_is_answered_again_from_what_was_kept()
    {
        _state.OnRun(Fold(0));
        TaskCompleted result = Result(0);
        _state.OnEnded(result).ShouldBeNull();

        _state.OnRun(Fold(0)).ShouldBe(TaskVerdict.Repeat);
        _state.ResultOf(Fold(0)).ShouldBeSameAs(result);
    }

    [Fact]
    public void The_oldest_result_is_forgotten_and_its_task_may_run_again()
    {
        for (int i = 0; i <= TaskRunnerState.ResultsMax; i++)
        {
            _state.OnRun(Fold(i)).ShouldBe(TaskVerdict.Run);
            _state.OnEnded(Result(i));
        }

        _state.OnRun(Fold(1)).ShouldBe(TaskVerdict.Repeat);
        _state.OnRun(Fold(0)).ShouldBe(TaskVerdict.Run);
    }

    [Fact]
    public void A_task_that_was_not_begun_may_be_asked_for_again()
    {
        _state.OnRun(Fold(0));

        _state.OnNotBegun().ShouldBeNull();

        _state.OnRun(Fold(0)).ShouldBe(TaskVerdict.Run);
    }

    [Theory]
    [InlineData("another text", "5")]
    [InlineData("text", "10")]
    public void A_result_of_another_job_of_the_same_name_is_not_given_again(string text, string folds)
    {
        _state.OnRun(Fold(0));
        _state.OnEnded(Result(0));

        _state.OnRun(Fold(0) with { JobText = text, Specification = folds }).ShouldBe(TaskVerdict.Run);
    }

    [Fact]
    public void A_task_of_another_job_of_the_same_name_does_not_take_the_place_of_the_one_that_runs_or_waits()
    {
        _state.OnRun(Fold(0));
        _state.OnRun(Fold(1));

        _state.OnRun(Fold(0) with { JobText = "another text" });
        _state.OnRun(Fold(1) with { JobText = "another text" });

        _state.Running!.JobText.ShouldBe("text");
        _state.Waiting.ShouldBe(3);
    }

    [Fact]
    public void A_task_that_failed_is_run_again_when_it_is_asked_for_again()
    {
        _state.OnRun(Fold(0));
        _state.OnEnded(new TaskFailed(Fold(0).Task, new WorkerId("w"), FailureKind.BadInput, "no such file"));

        _state.OnRun(Fold(0)).ShouldBe(TaskVerdict.Run);
    }

    private static RunTask Fold(int index) =>
        new(new TaskId(new JobId("job"), index), "fold", "5", "text", "/", "rows", ActorRefs.Nobody);

    private static TaskCompleted Result(int index) =>
        new(new TaskId(new JobId("job"), index), new WorkerId("w"), new TaskBytes(new[] { (byte)index }));
}
