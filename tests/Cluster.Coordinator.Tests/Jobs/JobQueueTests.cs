using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Tests.Jobs;

/// <summary>Several jobs at one coordinator: who runs, who waits, and what is left of that after a restart.</summary>
public sealed class JobQueueTests
{
    private static readonly CoordinatorLimits OneAtOnce = CoordinatorBench.Quick with { JobsAtOnce = 1 };

    [Fact]
    public async Task Jobs_beyond_the_limit_wait_and_begin_by_priority()
    {
        await using CoordinatorBench bench = new() { Limits = OneAtOnce };
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((_, _) => [])));
        await Submit(bench, "running", 0);
        await Submit(bench, "low", -1);
        await Submit(bench, "high", 7);

        (await Statuses(bench)).ShouldBe(["running Running", "low Queued", "high Queued"]);
        await Cancel(bench, "running");

        (await bench.Finished(new JobId("running"))).Status.ShouldBe(JobStatus.Cancelled);
        (await Statuses(bench)).ShouldBe(["running Cancelled", "low Queued", "high Running"]);
    }

    [Fact]
    public async Task Two_jobs_at_once_both_train_and_neither_waits_for_the_other()
    {
        string text = TestData.MlpToTheEnd(epochs: 20);
        using ManualResetEventSlim released = new();
        await using CoordinatorBench bench = new();
        // The long job is held in its middle until the short one has ended.
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf(
            (push, _) => push.Job == new JobId("long") && push.Round.Step >= 3 && !released.IsSet ? [] : [push])));
        await Submit(bench, "long", 0, text);
        await Submit(bench, "short", 0, TestData.Mlp(epochs: 2));

        JobFinished quick = await bench.Finished(new JobId("short"));

        (await Statuses(bench))[0].ShouldBe("long Running");
        released.Set();
        quick.ModelSha256.ShouldBe(CoordinatorBench.Sequential(TestData.Mlp(epochs: 2)).Sha256);
        (await bench.Finished(new JobId("long"))).ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
    }

    [Fact]
    public async Task The_queue_and_who_had_begun_survive_a_restart()
    {
        await using CoordinatorBench bench = new() { Limits = OneAtOnce };
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((_, _) => [])));
        await Submit(bench, "first", 0);
        await Submit(bench, "second", 0);
        await Submit(bench, "urgent", 9);
        await bench.Stop();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((_, _) => [])));

        (await Statuses(bench)).ShouldBe(["first Running", "second Queued", "urgent Queued"]);
    }

    [Fact]
    public async Task A_job_that_waits_can_be_cancelled_and_resumed()
    {
        bool held = true;
        await using CoordinatorBench bench = new() { Limits = OneAtOnce };
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, _) => Volatile.Read(ref held) ? [] : [push])));
        await Submit(bench, "long", 0, TestData.Mlp(epochs: 60));
        await Submit(bench, "waiting", 0);

        await Cancel(bench, "waiting");
        (await bench.Finished(new JobId("waiting"))).Steps.ShouldBe(0);
        Volatile.Write(ref held, false);
        await Ask(bench, new ResumeJob(new JobId("waiting"), 2));

        JobFinished finished = await bench.Finished(new JobId("waiting"));
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(TestData.Mlp()).Sha256);
    }

    [Fact]
    public async Task A_flood_of_jobs_is_refused_at_the_limit_and_what_was_taken_before_is_not()
    {
        await using CoordinatorBench bench = new() { Limits = OneAtOnce with { QueueMax = 3, JobsKeptMax = 1 } };
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((_, _) => [])));
        for (int i = 0; i < 4; i++) await Submit(bench, $"job-{i}", 0);

        for (int i = 4; i < 100; i++)
        {
            JobRefused refused = (await Ask(bench, CoordinatorBench.Submit(TestData.Mlp(), $"job-{i}"))).ShouldBeOfType<JobRefused>();
            (refused.Kind, refused.Reason).ShouldBe((FailureKind.Busy, $"job job-{i}: wanted fewer than 3 jobs that wait, got 3; ask again when some have ended, or cancel some."));
        }
        await Submit(bench, "job-2", 0);
        await Cancel(bench, "job-1");
        await Submit(bench, "job-4", 0);

        (await Statuses(bench)).ShouldBe(["job-0 Running", "job-1 Cancelled", "job-2 Queued", "job-3 Queued", "job-4 Queued"]);
        (await Ask(bench, new ResumeJob(new JobId("job-1"), 2))).ShouldBeOfType<JobRefused>().Kind.ShouldBe(FailureKind.Busy);
    }

    [Fact]
    public async Task A_job_that_was_put_away_is_resumed_once_it_was_submitted_again_after_a_restart_too()
    {
        await using CoordinatorBench bench = new() { Limits = OneAtOnce with { JobsKeptMax = 1 } };
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((_, _) => [])));
        await Submit(bench, "running", 0);
        foreach (string name in new[] { "a", "b" })
        {
            await Submit(bench, name, 0);
            await Cancel(bench, name);
        }
        await bench.Stop();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((_, _) => [])));

        (await Statuses(bench)).ShouldBe(["running Running", "b Cancelled"]);
        (await Ask(bench, new ResumeJob(new JobId("a"), 2))).ShouldBeOfType<JobRefused>().Reason.ShouldContain("submit the same job again");
        await Submit(bench, "a", 0);
        (await Ask(bench, new ResumeJob(new JobId("a"), 2))).ShouldBeOfType<JobAccepted>().Status.ShouldBe(JobStatus.Queued);
    }

    [Fact]
    public async Task A_submission_that_arrives_again_after_a_cancellation_does_not_resume_the_job()
    {
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((_, _) => [])));
        await Submit(bench, "job", 0);
        await Cancel(bench, "job");
        await bench.Finished(new JobId("job"));

        (await Ask(bench, CoordinatorBench.Submit(TestData.Mlp()))).ShouldBe(new JobAccepted(new JobId("job"), 1, JobStatus.Cancelled));

        (await Statuses(bench)).ShouldBe(["job Cancelled"]);
    }

    [Fact]
    public async Task A_request_of_an_earlier_run_does_not_touch_the_later_one()
    {
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((_, _) => [])));
        await Submit(bench, "job", 0);
        await Cancel(bench, "job");
        await bench.Finished(new JobId("job"));
        await Ask(bench, new ResumeJob(new JobId("job"), 2));

        (await Ask(bench, new CancelJob(new JobId("job"), 1))).ShouldBe(new JobCancelling(new JobId("job")));
        (await Ask(bench, new ResumeJob(new JobId("job"), 2))).ShouldBeOfType<JobAccepted>().Run.ShouldBe(2);

        (await Statuses(bench)).ShouldBe(["job Running"]);
        (await Ask(bench, new CancelJob(new JobId("job"), 3))).ShouldBeOfType<JobRefused>();
    }

    [Fact]
    public async Task A_model_is_read_in_parts_and_only_once_there_is_one()
    {
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));
        await bench.Run(CoordinatorBench.Submit(TestData.Mlp()));
        byte[] model = bench.Models.Find("runs/job")!;

        ModelRead part = (await Ask(bench, new ReadModel(new JobId("job"), 8))).ShouldBeOfType<ModelRead>();

        part.Length.ShouldBe(model.Length);
        part.Bytes.AsSpan().SequenceEqual(model.AsSpan(8)).ShouldBeTrue();
        (await Ask(bench, new ReadModel(new JobId("job"), model.Length))).ShouldBeOfType<ModelRead>().Bytes.ShouldBeEmpty();
        (await Ask(bench, new ReadModel(new JobId("other"), 0))).ShouldBeOfType<JobRefused>();
    }

    private static async Task Submit(CoordinatorBench bench, string name, int priority, string? text = null) =>
        (await Ask(bench, CoordinatorBench.Submit(text ?? TestData.Mlp(), name, priority: priority))).ShouldBeOfType<JobAccepted>();

    private static async Task Cancel(CoordinatorBench bench, string name) =>
        (await Ask(bench, new CancelJob(new JobId(name), 1))).ShouldBe(new JobCancelling(new JobId(name)));

    private static Task<object> Ask(CoordinatorBench bench, object message) => bench.Manager.Ask<object>(message, CoordinatorBench.Deadline);

    private static async Task<string[]> Statuses(CoordinatorBench bench) =>
        [.. (await bench.Manager.Ask<JobList>(new ListJobs(), CoordinatorBench.Deadline)).Jobs.Select(line => $"{line.Job} {line.Status}")];
}
