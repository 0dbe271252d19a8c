using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Tests.Jobs;

/// <summary>What becomes of a job whose parameter server throws what nobody foresaw.</summary>
public sealed class FailingStepsTests
{
    [Fact]
    public async Task A_step_that_fails_in_the_same_way_after_recovery_ends_the_job_and_resuming_without_the_failure_gives_the_model()
    {
        SubmitJob submit = CoordinatorBench.Submit(TestData.Mlp());
        FailingSteps failing = new(step: 5, () => new AggregateException(new InvalidOperationException("the sum is upside down.")));
        await using CoordinatorBench bench = new() { Rules = failing.Rules };
        await failing.Start(bench);

        JobFinished failed = await bench.Run(submit);

        failed.Status.ShouldBe(JobStatus.Failed);
        failed.FailureKind.ShouldBe(FailureKind.Internal);
        failed.Reason.ShouldStartWith("job job, step 5: ");
        failed.Reason.ShouldContain("InvalidOperationException: the sum is upside down;");
        failed.Reason.ShouldContain("resume");
        (await LivesOf(bench, submit.Job)).ShouldBe(2);
        bench.Checkpoints.Steps("runs/job").ShouldNotBeEmpty();
        failing.Left = 0;
        (await bench.Run(submit)).ModelSha256.ShouldBe(CoordinatorBench.Sequential(submit.JobText).Sha256);
    }

    [Fact]
    public async Task A_step_that_fails_for_want_of_time_is_tried_again_until_it_does_not()
    {
        SubmitJob submit = CoordinatorBench.Submit(TestData.Mlp());
        FailingSteps failing = new(step: 5, () => new AggregateException(new TimeoutException("the parts were not done in time")), times: 5);
        await using CoordinatorBench bench = new() { Rules = failing.Rules };
        await failing.Start(bench);

        JobFinished finished = await bench.Run(submit);

        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(submit.JobText).Sha256);
        (await LivesOf(bench, submit.Job)).ShouldBe(6);
    }

    private static async Task<int> LivesOf(CoordinatorBench bench, JobId job) =>
        (await bench.Journalled($"parameters-{job}")).Count(manifest => manifest.EndsWith("jPS1", StringComparison.Ordinal));
}
