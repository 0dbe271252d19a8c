using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Jobs;
using Cluster.Messages;

namespace Cluster.Coordinator.Tests.Jobs;

/// <summary>A job that is resumed while something of its run before is still under way.</summary>
public sealed class ResumeTests
{
    private static readonly SubmitJob s_submit = CoordinatorBench.Submit(TestData.Mlp());

    [Fact]
    public async Task A_job_resumed_while_its_old_actors_still_stop_begins_when_they_have_and_without_a_failure()
    {
        TaskCompletionSource atDisk = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ManualResetEventSlim disk = new();
        await using CoordinatorBench bench = new()
        {
            Limits = CoordinatorBench.Quick with { CancelDeadline = TimeSpan.FromMilliseconds(1), RetireDeadline = TimeSpan.FromMilliseconds(1), FailuresMax = 0 },
        };
        bench.Checkpoints.Fate = _ =>
        {
            atDisk.TrySetResult();
            disk.Wait(CoordinatorBench.Deadline).ShouldBeTrue();
            return WriteFate.Kept;
        };
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));
        await bench.Manager.Ask<JobAccepted>(s_submit, CoordinatorBench.Deadline);
        await atDisk.Task.WaitAsync(CoordinatorBench.Deadline);     // the parameter server stands there, and cannot stop
        await Cancelled(bench);
        await Resumed(bench);

        disk.Set();
        JobFinished finished = await bench.Finished(s_submit.Job);

        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(s_submit.JobText).Sha256);
    }

    [Fact]
    public async Task The_end_of_a_run_that_is_told_again_after_the_job_was_resumed_does_not_end_it()
    {
        bool silent = true;
        await using CoordinatorBench bench = new() { Limits = CoordinatorBench.Quick with { CancelDeadline = TimeSpan.FromMilliseconds(1) } };
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf((push, _) => silent ? [] : [push])));
        await bench.Manager.Ask<JobAccepted>(s_submit, CoordinatorBench.Deadline);
        JobFinished cancelled = await Cancelled(bench);
        await Resumed(bench);

        bench.Manager.Tell(new RunEnded(1, cancelled), ActorRefs.NoSender);

        (await Described(bench)).Line.Status.ShouldBe(JobStatus.Running);
        silent = false;
        (await bench.Finished(s_submit.Job)).ModelSha256.ShouldBe(CoordinatorBench.Sequential(s_submit.JobText).Sha256);
    }

    private static async Task<JobFinished> Cancelled(CoordinatorBench bench)
    {
        await bench.Manager.Ask<JobCancelling>(new CancelJob(s_submit.Job, 1), CoordinatorBench.Deadline);
        JobFinished cancelled = await bench.Finished(s_submit.Job);
        cancelled.Status.ShouldBe(JobStatus.Cancelled);
        return cancelled;
    }

    /// <summary>The manager answers before it has begun the run, but not a second question.</summary>
    private static async Task Resumed(CoordinatorBench bench)
    {
        (await bench.Manager.Ask<JobAccepted>(new ResumeJob(s_submit.Job, 2), CoordinatorBench.Deadline)).Run.ShouldBe(2);
        (await Described(bench)).Line.Status.ShouldBe(JobStatus.Running);
    }

    private static Task<JobDescribed> Described(CoordinatorBench bench) =>
        bench.Manager.Ask<JobDescribed>(new DescribeJob(s_submit.Job), CoordinatorBench.Deadline);
}
