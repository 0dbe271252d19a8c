using Cluster.Messages;

namespace Cluster.Coordinator.Tests.Jobs;

/// <summary>A job that goes on with another text whose past is the same ends as one that had this text from the beginning.</summary>
public sealed class LongerJobTests
{
    private static readonly string s_patient = TestData.Mlp(epochs: 30).Replace("rate: 0.01", "rate: 0.3", StringComparison.Ordinal);
    private static readonly string s_hasty = s_patient.Replace("patience: 5", "patience: 1", StringComparison.Ordinal);

    [Theory]
    [InlineData(5, 8)]
    [InlineData(1, 2)]
    public async Task A_finished_job_goes_on_to_more_epochs(int epochs, int more)
    {
        await using CoordinatorBench bench = await Started();
        string text = TestData.MlpToTheEnd(more);
        await bench.Run(CoordinatorBench.Submit(TestData.MlpToTheEnd(epochs)));

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(text));

        finished.Status.ShouldBe(JobStatus.Completed);
        finished.Epochs.ShouldBe(more);
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
    }

    [Fact]
    public async Task A_job_that_stopped_early_goes_on_with_more_patience()
    {
        await using CoordinatorBench bench = await Started();
        JobFinished early = await bench.Run(CoordinatorBench.Submit(s_hasty));
        early.Status.ShouldBe(JobStatus.StoppedEarly);

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(s_patient));

        finished.Epochs.ShouldBeGreaterThan(early.Epochs);
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(s_patient).Sha256);
    }

    [Fact]
    public async Task A_job_that_was_killed_goes_on_to_more_epochs_elsewhere()
    {
        await using CoordinatorBench bench = await Started();
        await bench.Manager.Ask<JobAccepted>(CoordinatorBench.Submit(TestData.MlpToTheEnd(50)), CoordinatorBench.Deadline);
        await bench.Stop();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));
        string text = TestData.MlpToTheEnd(52);

        JobFinished finished = await bench.Run(CoordinatorBench.Submit(text) with { RunDirectory = "runs/elsewhere" });

        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
        bench.Models.Find("runs/elsewhere").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("batch: 256", "batch: 128", "training.batch")]
    [InlineData("rate: 0.01", "rate: 0.02", "training.optimizer.adam.rate")]
    [InlineData("seed: 42", "seed: 43", "seed")]
    public async Task What_would_have_led_to_other_steps_is_named(string begun, string other, string key)
    {
        await using CoordinatorBench bench = await Started();
        string text = TestData.MlpToTheEnd(3);
        await bench.Run(CoordinatorBench.Submit(text));

        JobRefused refused = await bench.Manager.Ask<JobRefused>(
            CoordinatorBench.Submit(text.Replace(begun, other, StringComparison.Ordinal)), CoordinatorBench.Deadline);

        refused.Reason.ShouldContain(key);
    }

    [Fact]
    public async Task Fewer_epochs_than_are_trained_fail_the_job_by_name_and_more_let_it_go_on()
    {
        await using CoordinatorBench bench = await Started();
        await bench.Run(CoordinatorBench.Submit(TestData.MlpToTheEnd(4)));

        JobFinished refused = await bench.Run(CoordinatorBench.Submit(TestData.MlpToTheEnd(2)));
        JobFinished finished = await bench.Run(CoordinatorBench.Submit(TestData.MlpToTheEnd(5)));

        refused.FailureKind.ShouldBe(FailureKind.BadInput);
        refused.Reason.ShouldContain("training.epochs: wanted at least 4");
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(TestData.MlpToTheEnd(5)).Sha256);
    }

    private static async Task<CoordinatorBench> Started()
    {
        CoordinatorBench bench = new();
        await bench.Start(system => system.ActorOf(InlineWorker.PropsOf()));
        return bench;
    }
}
