using Cluster.Coordinator.Checkpoints;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Tests.Jobs;

/// <summary>Whole jobs through the manager, its coordinators and parameter servers, with workers that the test spoils.</summary>
public sealed class JobTests
{
    public static TheoryData<string> Jobs => [TestData.Mlp(), TestData.Private(), TestData.Linear, TestData.KMeans];

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task A_job_gives_the_model_of_the_sequential_trainer(string text)
    {
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(text));

        TrainedModel wanted = CoordinatorBench.Sequential(text);
        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(wanted.Sha256);
        finished.Steps.ShouldBe(wanted.Steps);
        finished.Epochs.ShouldBe(wanted.Epochs);
        finished.Status.ToString().ShouldBe(wanted.Status.ToString());
        finished.Test.Select(figure => figure.Value).ShouldBe(wanted.Test.Values.Select(figure => figure.Value));
        finished.Training.Select(figure => figure.Value).ShouldBe(wanted.Epsilon is null ? wanted.Training.Values.Select(figure => figure.Value) : []);
        finished.Epsilon.ShouldBe(wanted.Epsilon ?? double.NaN);
        TrainedModel.HashOf(bench.Models.Find("runs/job")).ShouldBe(wanted.Sha256);
    }

    [Fact]
    public async Task Lost_doubled_and_late_contributions_do_not_change_the_model()
    {
        PushContribution? late = null;
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, count) =>
        {
            PushContribution[] sent = (count % 7) switch
            {
                2 => [],
                3 => [push, push],
                5 when late is not null => [late, push],
                _ => [push],
            };
            late = Copy(push);
            return sent;
        })));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(TestData.Mlp(epochs: 2)));

        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(TestData.Mlp(epochs: 2)).Sha256);
    }

    [Fact]
    public async Task A_coordinator_that_is_stopped_again_and_again_comes_to_the_same_model()
    {
        string text = TestData.Mlp(epochs: 5);
        SubmitJob submit = CoordinatorBench.Submit(text);
        await using CoordinatorBench bench = new();
        await StartStalled(bench, stallAfter: 9);
        (await bench.Manager.Ask<object>(submit, CoordinatorBench.Deadline)).ShouldBe(new JobAccepted(submit.Job, 1, JobStatus.Queued));
        foreach (int stallAfter in (int[])[3, 4, 12])
        {
            await Stalled(bench);
            await bench.Stop();
            await StartStalled(bench, stallAfter);
        }
        await Stalled(bench);
        await bench.Stop();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));

        JobFinished finished = await bench.Finished(submit.Job);

        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
    }

    [Fact]
    public async Task A_checkpoint_that_was_damaged_or_torn_costs_time_but_not_the_model()
    {
        string text = TestData.Mlp(epochs: 5);
        SubmitJob submit = CoordinatorBench.Submit(text);
        await using CoordinatorBench bench = new();
        await StartStalled(bench, stallAfter: 22);
        await bench.Manager.Ask<object>(submit, CoordinatorBench.Deadline);
        await Stalled(bench);
        await bench.Stop();
        bench.Checkpoints.Damage("runs/job", bench.Checkpoints.Steps("runs/job").Last(), offset: 2000);
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));

        JobFinished finished = await bench.Finished(submit.Job);

        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
    }

    [Fact]
    public async Task A_journal_that_was_removed_beside_its_checkpoints_does_not_change_the_model()
    {
        string text = TestData.Mlp(epochs: 4);
        MemoryCheckpointStore left;
        await using (CoordinatorBench first = new())
        {
            await first.Start(system => system.ActorOf(InlineWorker.PropsOf()));
            await first.Run(CoordinatorBench.Submit(text));
            left = first.Checkpoints;
        }
        await using CoordinatorBench bench = new();
        foreach (long step in left.Steps("runs/job"))
            bench.Checkpoints.Write("runs/job", left.ReadNewest("runs/job", Sha256Of(text), step).Newest!, keep: 100);
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(text));

        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
    }

    [Fact]
    public async Task A_cancelled_job_writes_a_checkpoint_and_goes_on_when_it_is_resumed()
    {
        string text = TestData.Mlp(epochs: 5);
        SubmitJob submit = CoordinatorBench.Submit(text);
        await using CoordinatorBench bench = new();
        await StartStalled(bench, stallAfter: 7);
        await bench.Manager.Ask<object>(submit, CoordinatorBench.Deadline);
        await Stalled(bench);

        (await bench.Manager.Ask<object>(new CancelJob(submit.Job, 1), CoordinatorBench.Deadline)).ShouldBe(new JobCancelling(submit.Job));
        JobFinished cancelled = await bench.Finished(submit.Job);

        cancelled.Status.ShouldBe(JobStatus.Cancelled);
        bench.Checkpoints.Steps("runs/job").Last().ShouldBe(cancelled.Steps);
        await bench.Stop();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));
        (await bench.Finished(submit.Job)).Status.ShouldBe(JobStatus.Cancelled);
        (await bench.Run(submit)).ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
        bench.Reports.OfType<EpochProgressed>().Select(report => report.Epoch).ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public async Task A_cancellation_that_is_asked_for_again_is_answered_again_and_journalled_once()
    {
        SubmitJob submit = CoordinatorBench.Submit(TestData.Mlp(epochs: 5));
        await using CoordinatorBench bench = new();
        await StartStalled(bench, stallAfter: 7);
        await bench.Manager.Ask<object>(submit, CoordinatorBench.Deadline);
        await Stalled(bench);

        object[] answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(
            _ => bench.Manager.Ask<object>(new CancelJob(submit.Job, 1), CoordinatorBench.Deadline)));

        answers.ShouldAllBe(answer => answer.Equals(new JobCancelling(submit.Job)));
        (await bench.Finished(submit.Job)).Status.ShouldBe(JobStatus.Cancelled);
        (await bench.Journalled($"job-{submit.Job}")).Count(manifest => manifest.EndsWith("CA2", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_number_that_is_not_finite_fails_the_job_with_the_step()
    {
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, _) => [push.Round.Step == 3 ? Spoiled(push) : push])));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(TestData.Mlp()));

        finished.Status.ShouldBe(JobStatus.Failed);
        finished.FailureKind.ShouldBe(FailureKind.Diverged);
        finished.Reason.ShouldContain("step 3");
    }

    [Theory]
    [InlineData("/user/jobs/job-job/parameters")]
    [InlineData("/user/jobs/job-job")]
    public async Task An_actor_of_the_job_that_is_killed_again_and_again_is_started_again_and_the_model_is_the_same(string path)
    {
        string text = TestData.Mlp(epochs: 12);
        SubmitJob submit = CoordinatorBench.Submit(text);
        int kills = 0;
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, count) =>
        {
            if (count % 11 == 10 && kills++ < 4) system.ActorSelection(path).Tell(Kill.Instance, ActorRefs.NoSender);
            return [push];
        })));

        JobFinished finished = await bench.Run(submit);

        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
        kills.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task An_actor_that_fails_without_end_fails_the_job_with_the_reason()
    {
        await using CoordinatorBench bench = new() { Limits = CoordinatorBench.Quick with { FailuresMax = 3 } };
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, _) =>
        {
            system.ActorSelection("/user/jobs/job-job/parameters").Tell(Kill.Instance, ActorRefs.NoSender);
            return [];
        })));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(TestData.Mlp()));

        finished.FailureKind.ShouldBe(FailureKind.Internal);
        finished.Reason.ShouldContain("without a step");
    }

    [Fact]
    public async Task A_job_that_failed_too_often_begins_to_count_again_when_it_is_resumed()
    {
        SubmitJob submit = CoordinatorBench.Submit(TestData.Mlp());
        int kills = 0, killsMax = int.MaxValue;
        await using CoordinatorBench bench = new() { Limits = CoordinatorBench.Quick with { FailuresMax = 2 } };
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, _) =>
        {
            if (kills++ >= killsMax) return [push];
            system.ActorSelection("/user/jobs/job-job").Tell(Kill.Instance, ActorRefs.NoSender);
            return [];
        })));
        (await bench.Run(submit)).Reason.ShouldContain("without a step");
        (kills, killsMax) = (0, 1);

        JobFinished resumed = await bench.Run(submit);

        resumed.Reason.ShouldBeEmpty();
        resumed.ModelSha256.ShouldBe(CoordinatorBench.Sequential(submit.JobText).Sha256);
    }

    [Fact]
    public async Task A_full_disk_stops_training_and_loses_nothing()
    {
        SubmitJob submit = CoordinatorBench.Submit(TestData.Mlp());
        await using CoordinatorBench bench = new();
        bench.Checkpoints.Fate = checkpoint => checkpoint.Header.Step >= 6 ? WriteFate.Full : WriteFate.Kept;
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));

        JobFinished failed = await bench.Run(submit);

        failed.FailureKind.ShouldBe(FailureKind.Storage);
        failed.Reason.ShouldContain("free at least");
        bench.Checkpoints.Steps("runs/job").ShouldNotBeEmpty();
        bench.Checkpoints.Fate = _ => WriteFate.Kept;
        (await bench.Run(submit)).ModelSha256.ShouldBe(CoordinatorBench.Sequential(TestData.Mlp()).Sha256);
    }

    [Fact]
    public async Task A_checkpoint_of_another_version_of_the_learner_is_not_trained_on()
    {
        string text = TestData.Mlp();
        CheckpointHeader header = Some.Checkpoint(3).Header with { JobTextSha256 = Sha256Of(text), OptimizerStateLength = 2 };
        await using CoordinatorBench bench = new();
        bench.Checkpoints.Write("runs/job", new Checkpoint(header, Some.Doubles(1, 2), Some.Doubles(3, 4), null), keep: 1);
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(text));

        finished.FailureKind.ShouldBe(FailureKind.Storage);
        finished.Reason.ShouldContain("another version");
    }

    [Fact]
    public async Task A_job_whose_text_or_data_is_wrong_says_so()
    {
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));

        object refused = await bench.Manager.Ask<object>(CoordinatorBench.Submit("model: { kind: mpl }", "wrong"), CoordinatorBench.Deadline);
        refused.ShouldBeOfType<JobRefused>().Kind.ShouldBe(FailureKind.BadInput);
        JobFinished finished = await bench.Run(CoordinatorBench.Submit(
            TestData.Mlp().Replace("digits.csv", "absent.csv", StringComparison.Ordinal), "absent"));
        finished.FailureKind.ShouldBe(FailureKind.BadInput);
        finished.Reason.ShouldContain("absent.csv");
    }

    [Fact]
    public async Task Submitting_again_changes_nothing_and_another_text_is_refused()
    {
        SubmitJob submit = CoordinatorBench.Submit(TestData.Linear);
        await using CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));
        JobFinished finished = await bench.Run(submit);

        (await bench.Manager.Ask<object>(submit, CoordinatorBench.Deadline)).ShouldBe(new JobAccepted(submit.Job, 1, JobStatus.Completed));
        (await bench.Finished(submit.Job)).ModelSha256.ShouldBe(finished.ModelSha256);
        (await bench.Manager.Ask<object>(submit with { JobText = TestData.KMeans }, CoordinatorBench.Deadline))
            .ShouldBeOfType<JobRefused>().Reason.ShouldContain("another");
        (await bench.Manager.Ask<JobList>(new ListJobs(), CoordinatorBench.Deadline)).Jobs
            .ShouldHaveSingleItem().Status.ShouldBe(JobStatus.Completed);
        (await bench.Manager.Ask<object>(new DescribeJob(new JobId("unknown")), CoordinatorBench.Deadline)).ShouldBeOfType<JobRefused>();
    }

    /// <summary>Workers that answer so many contributions, then fall silent.</summary>
    private static Task StartStalled(CoordinatorBench bench, int stallAfter)
    {
        TaskCompletionSource stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        s_stalled.AddOrUpdate(bench, stalled);
        return bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, count) =>
        {
            if (count < stallAfter) return [push];
            stalled.TrySetResult();
            return [];
        })));
    }

    private static Task Stalled(CoordinatorBench bench) =>
        s_stalled.TryGetValue(bench, out TaskCompletionSource? stalled) ? stalled.Task.WaitAsync(CoordinatorBench.Deadline) : Task.CompletedTask;

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<CoordinatorBench, TaskCompletionSource> s_stalled = [];

    private static PushContribution Copy(PushContribution push) =>
        push with { Sum = push.Sum with { Bytes = push.Sum.Bytes.ToArray() } };

    private static PushContribution Spoiled(PushContribution push)
    {
        byte[] bytes = push.Sum.Bytes.ToArray();
        BitConverter.TryWriteBytes(bytes, float.NaN);
        return push with { Sum = push.Sum with { Bytes = bytes } };
    }

    /// <summary>What a checkpoint of the job is known by.</summary>
    private static string Sha256Of(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
        System.Text.Encoding.UTF8.GetBytes(JobChange.PastOf(JobFile.Parse(text, "job.yaml", TestData.Directory)))));
}
