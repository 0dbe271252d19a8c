using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Tasks;
using Cluster.Worker.Sources;
using Cluster.Worker.Tasks;

namespace Cluster.Worker.Tests.Tasks;

public sealed class TaskRunnerActorTests : ActorTestKit
{
    [Fact]
    public void A_fold_is_trained_and_measured()
    {
        var asker = CreateTestProbe();
        IActorRef tasks = Sys.ActorOf(TaskRunnerActor.CreateProps(new WorkerOptions(Some.Worker), ActorRefs.Nobody, new InlineComputePool()));

        tasks.Tell(Fold(1, asker));

        asker.ExpectMsg<TaskStarted>().Worker.ShouldBe(Some.Worker);
        TaskCompleted completed = asker.ExpectMsg<TaskCompleted>();
        completed.Task.Index.ShouldBe(1);
        TaskReport report = TaskReport.FromBytes(completed.Result.Bytes);
        report.Figures["accuracy"].ShouldNotBeNull();
        report.ModelSha256.Length.ShouldBe(64);
    }

    [Fact]
    public void The_same_fold_gives_the_same_result_on_another_node()
    {
        var asker = CreateTestProbe();
        TaskBytes[] results = [.. Enumerable.Range(0, 2).Select(node =>
        {
            IActorRef tasks = Sys.ActorOf(TaskRunnerActor.CreateProps(new WorkerOptions(new WorkerId($"w{node}")), ActorRefs.Nobody, new InlineComputePool()));
            tasks.Tell(Fold(2, asker));
            asker.ExpectMsg<TaskStarted>();
            return asker.ExpectMsg<TaskCompleted>().Result;
        })];

        results[1].ShouldBe(results[0]);
    }

    [Fact]
    public void A_wrong_job_fails_the_task_as_bad_input()
    {
        var asker = CreateTestProbe();
        IActorRef tasks = Sys.ActorOf(TaskRunnerActor.CreateProps(new WorkerOptions(Some.Worker), ActorRefs.Nobody, new InlineComputePool()));

        tasks.Tell(Fold(0, asker) with { JobText = "model: { kind: sofmax }" });

        asker.ExpectMsg<TaskStarted>();
        TaskFailed failed = asker.ExpectMsg<TaskFailed>();
        failed.Kind.ShouldBe(FailureKind.BadInput);
        failed.Reason.ShouldContain("softmax");
    }

    [Fact]
    public void A_kind_that_this_version_does_not_know_fails_the_task_and_says_which_are_known()
    {
        var asker = CreateTestProbe();
        IActorRef tasks = Sys.ActorOf(TaskRunnerActor.CreateProps(new WorkerOptions(Some.Worker), ActorRefs.Nobody, new InlineComputePool()));

        tasks.Tell(Fold(2, asker) with { Kind = "tree" });

        asker.ExpectMsg<TaskStarted>();
        TaskFailed failed = asker.ExpectMsg<TaskFailed>();
        failed.Task.Index.ShouldBe(2);
        failed.Reason.ShouldContain("wanted a kind of fold, trial, attack, got tree");
    }

    [Fact]
    public void A_result_that_is_too_large_is_an_error_that_names_task_and_limit() => Should.Throw<BadInputException>(() => TaskWork.Completed(
            Fold(2, CreateTestProbe()), Some.Worker, TaskRegistry.Of(FoldKind.KindName), new byte[TaskKind.ResultBytesLimit + 1]))
        .Message.ShouldStartWith("fold 2: wanted a result of at most 262144 bytes, which is journalled, got 262145");

    [Fact]
    public void Other_rows_than_the_coordinators_fail_the_task_as_bad_input()
    {
        var asker = CreateTestProbe();
        IActorRef tasks = Sys.ActorOf(TaskRunnerActor.CreateProps(new WorkerOptions(Some.Worker), ActorRefs.Nobody, new InlineComputePool()));
        string folder = Directory.CreateTempSubdirectory("cluster-worker-tests").FullName;
        string[] lines = File.ReadAllLines(Path.Combine(Some.Folder, "small.csv"));
        File.WriteAllLines(Path.Combine(folder, "small.csv"), [.. lines[..^1], "4,6,red"]);

        tasks.Tell(Fold(0, asker) with { BaseDirectory = folder });

        asker.ExpectMsg<TaskStarted>();
        TaskFailed failed = asker.ExpectMsg<TaskFailed>();
        failed.Kind.ShouldBe(FailureKind.BadInput);
        failed.Reason.ShouldContain(Path.Combine(folder, "small.csv"));
        failed.Reason.ShouldContain($"the rows that the coordinator trains on (SHA-256 {Some.SourceSha256})");
    }

    [Fact]
    public void A_task_that_diverges_says_so_and_the_next_one_runs()
    {
        var asker = CreateTestProbe();
        using ManualComputePool compute = new(1);
        IActorRef tasks = Sys.ActorOf(TaskRunnerActor.CreateProps(
            Some.Worker, compute, task => task.Task.Index == 0 ? throw new DivergedException(3, "dense 1", "NaN") : Result(task)));
        tasks.Tell(Fold(0, asker));
        tasks.Tell(Fold(1, asker));
        asker.ExpectMsg<TaskStarted>().Task.Index.ShouldBe(0);
        asker.ExpectMsg<TaskStarted>().Task.Index.ShouldBe(1);

        compute.RunNext();
        compute.RunNext();

        asker.ExpectMsg<TaskFailed>().Kind.ShouldBe(FailureKind.Diverged);
        asker.ExpectMsg<TaskCompleted>().Task.Index.ShouldBe(1);
    }

    [Fact]
    public void A_finished_task_is_answered_again_without_running()
    {
        var asker = CreateTestProbe();
        using ManualComputePool compute = new(1);
        IActorRef tasks = Sys.ActorOf(TaskRunnerActor.CreateProps(Some.Worker, compute, Result));
        tasks.Tell(Fold(0, asker));
        compute.RunNext();
        asker.ExpectMsg<TaskStarted>();
        asker.ExpectMsg<TaskCompleted>();

        tasks.Tell(Fold(0, asker));

        asker.ExpectMsg<TaskCompleted>();
        compute.Waiting.ShouldBe(0);
    }

    [Fact]
    public void More_than_a_few_waiting_tasks_are_refused()
    {
        var asker = CreateTestProbe();
        using ManualComputePool compute = new(1);
        IActorRef tasks = Sys.ActorOf(TaskRunnerActor.CreateProps(Some.Worker, compute, Result));

        for (int i = 0; i <= TaskRunnerState.QueueMax + 1; i++) tasks.Tell(Fold(i, asker));

        for (int i = 0; i <= TaskRunnerState.QueueMax; i++) asker.ExpectMsg<TaskStarted>();
        asker.ExpectMsg<TaskRefused>().Task.Index.ShouldBe(TaskRunnerState.QueueMax + 1);
    }

    [Fact]
    public void A_task_whose_data_is_not_seen_waits_until_it_is_fetched()
    {
        (TestProbe asker, TestProbe sources) = (CreateTestProbe(), CreateTestProbe());
        IActorRef tasks = Blind(sources);

        tasks.Tell(Fold(0, asker));
        tasks.Tell(Fold(1, asker));

        sources.ExpectMsg<FetchSource>().Coordinator.ShouldBe(asker.Ref);
        sources.Reply(new SourceFetched("/fetched"));
        asker.ExpectMsg<TaskStarted>();
        asker.ExpectMsg<TaskStarted>();
        asker.ExpectMsg<TaskCompleted>().ShouldSatisfyAllConditions(first => first.Task.Index.ShouldBe(0), first => first.Result.ShouldBe(Folder("/fetched")));
        sources.ExpectMsg<FetchSource>();
        sources.Reply(new SourceFetched("/fetched"));
        asker.ExpectMsg<TaskCompleted>().Task.Index.ShouldBe(1);
    }

    [Fact]
    public void Data_that_cannot_be_fetched_fails_the_task_with_the_reason_and_the_next_one_is_begun()
    {
        (TestProbe asker, TestProbe sources) = (CreateTestProbe(), CreateTestProbe());
        IActorRef tasks = Blind(sources);
        tasks.Tell(Fold(0, asker));
        tasks.Tell(Fold(1, asker));
        sources.ExpectMsg<FetchSource>();

        sources.Reply(new SourceNotFetched("rows.csv: wanted room, got none"));

        asker.ExpectMsg<TaskStarted>();
        asker.ExpectMsg<TaskStarted>();
        TaskFailed failed = asker.ExpectMsg<TaskFailed>();
        (failed.Task.Index, failed.Kind, failed.Reason).ShouldBe((0, FailureKind.BadInput, "rows.csv: wanted room, got none"));
        sources.ExpectMsg<FetchSource>();
    }

    [Fact]
    public void Another_coordinator_that_asks_for_the_task_is_asked_for_its_data()
    {
        (TestProbe first, TestProbe second, TestProbe sources) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        IActorRef tasks = Blind(sources);
        tasks.Tell(Fold(0, first));
        sources.ExpectMsg<FetchSource>().Coordinator.ShouldBe(first.Ref);

        tasks.Tell(Fold(0, second));

        sources.ExpectMsg<FetchSource>().Coordinator.ShouldBe(second.Ref);
        sources.Reply(new SourceFetched("/fetched"));
        second.ExpectMsg<TaskStarted>();
        second.ExpectMsg<TaskCompleted>();
    }

    /// <summary>A runner on a node that sees no data; the result of a task is the folder that it was given.</summary>
    private IActorRef Blind(TestProbe sources) => Sys.ActorOf(TaskRunnerActor.CreateProps(
        Some.Worker, sources.Ref, new InlineComputePool(), _ => false, (task, folder) => Result(task) with { Result = Folder(folder!) }));

    private static RunTask Fold(int index, TestProbe asker) =>
        new(new TaskId(Some.Job, index), FoldKind.KindName, "3", Some.JobText, Some.Folder, Some.SourceSha256, asker.Ref);

    private static TaskCompleted Result(RunTask task) =>
        new(task.Task, Some.Worker, new TaskBytes(new[] { (byte)task.Task.Index }));

    private static TaskBytes Folder(string folder) => new(System.Text.Encoding.UTF8.GetBytes(folder));
}
