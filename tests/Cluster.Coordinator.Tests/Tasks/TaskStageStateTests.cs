using Cluster.Coordinator.Tasks;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;

namespace Cluster.Coordinator.Tests.Tasks;

public sealed class TaskStageStateTests
{
    private static readonly JobSpec s_spec = JobFile.Parse("data: { source: rows.csv, target: label }\nmodel: { kind: softmax }", "job.yaml", "/jobs");

    [Fact]
    public void The_first_round_is_there_at_once_and_the_stage_is_over_when_no_more_are_asked_for()
    {
        TaskStageState state = Begin(2);

        state.Table.Count.ShouldBe(2);
        state.OnCompleted(Completed(1, 0));
        state.IsOver.ShouldBeFalse();
        state.OnCompleted(Completed(0, 0));

        state.IsOver.ShouldBeTrue();
        state.Done.Select(done => done.Specification).ShouldBe(["first 0", "first 1"]);
    }

    [Fact]
    public void Tasks_start_tasks_by_index_whatever_the_order_of_the_results()
    {
        TaskStageState one = Begin(2), other = Begin(2);

        foreach (int index in (int[])[0, 1]) one.OnCompleted(Completed(index, index + 1));
        foreach (int index in (int[])[1, 0]) other.OnCompleted(Completed(index, index + 1));

        one.Table.Count.ShouldBe(5);
        Enumerable.Range(0, 5).Select(one.SpecificationOf).ShouldBe(["first 0", "first 1", "0 asks 0", "1 asks 0", "1 asks 1"]);
        Enumerable.Range(0, 5).Select(other.SpecificationOf).ShouldBe(Enumerable.Range(0, 5).Select(one.SpecificationOf));
        one.IsOver.ShouldBeFalse();
        foreach (int index in (int[])[4, 2, 3]) one.OnCompleted(Completed(index, 0));
        one.IsOver.ShouldBeTrue();
    }

    [Fact]
    public void The_journalled_results_alone_make_the_state_again_and_what_is_done_is_not_given_out()
    {
        TaskStageState resumed = Begin(2);

        foreach (int index in (int[])[1, 0, 3]) resumed.OnCompleted(Completed(index, index < 2 ? 1 : 0));

        resumed.Table.Completed.ShouldBe(3);
        resumed.Table.Assign([new RunnerPlace(new Address("akka", "test", "node", 1), 0), new RunnerPlace(new Address("akka", "test", "node", 2), 0)], DateTimeOffset.UnixEpoch)
            .ShouldBe([new Assignment(2, new RunnerPlace(new Address("akka", "test", "node", 1), 0))]);
    }

    [Fact]
    public void A_duplicate_and_a_task_that_is_not_there_change_nothing()
    {
        TaskStageState state = Begin(2);
        state.OnCompleted(Completed(0, 0));

        state.OnCompleted(Completed(0, 1));
        state.OnCompleted(Completed(7, 1));

        (state.Table.Completed, state.Table.Count, state.IsOver).ShouldBe((1, 2, false));
        state.ReportOf(0).Figures["more"].ShouldBe(0);
    }

    [Fact]
    public void A_result_that_is_too_large_is_named_with_its_task_its_worker_and_its_limit()
    {
        string? error = Begin(2).ErrorOf(new TaskCompleted(new TaskId(Some.Job, 1), new WorkerId("w"), new TaskBytes(CountingKind.Result(0, new string('x', 300)))));

        error.ShouldNotBeNull().ShouldStartWith("count 1, worker w: wanted a result of at most 200 bytes, got 3");
        Begin(2).ErrorOf(Completed(1, 0)).ShouldBeNull();
    }

    [Fact]
    public void A_result_that_cannot_be_read_is_named_with_its_task_and_worker() =>
        Begin(2).ErrorOf(new TaskCompleted(new TaskId(Some.Job, 0), new WorkerId("w"), new TaskBytes(new byte[] { 1, 2, 3 })))
            .ShouldNotBeNull().ShouldStartWith("count 0, worker w: TaskReport: wanted");

    [Fact]
    public void More_tasks_than_a_job_may_have_are_refused() =>
        Should.Throw<BadInputException>(() => Begin(TaskKind.TasksMax + 1)).Message.ShouldContain($"at most {TaskKind.TasksMax} tasks");

    private static TaskStageState Begin(int tasks) =>
        new(new CountingKind(), new TaskJob(s_spec, tasks.ToString(System.Globalization.CultureInfo.InvariantCulture)), new CoordinatorLimits());

    private static TaskCompleted Completed(int index, int more) =>
        new(new TaskId(Some.Job, index), new WorkerId("w"), new TaskBytes(CountingKind.Result(more)));
}
