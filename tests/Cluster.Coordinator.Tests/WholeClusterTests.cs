using Cluster.Messages;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Tests;

/// <summary>Whole jobs on whole clusters: the promise that the model does not depend on how, where and how often it was computed.</summary>
public sealed class WholeClusterTests
{
    private static readonly string[] s_texts = [TestData.Mlp(), TestData.Private(), TestData.Linear, TestData.KMeans];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task Any_number_of_workers_gives_the_model_of_the_sequential_trainer(int workers)
    {
        await using WholeCluster cluster = new();
        await cluster.Start(workers);

        for (int i = 0; i < s_texts.Length; i++)
        {
            JobFinished finished = await cluster.Run(CoordinatorBench.Submit(s_texts[i], $"job-{i}"));

            finished.Reason.ShouldBeEmpty();
            finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(s_texts[i]).Sha256, s_texts[i]);
        }
    }

    [Fact]
    public async Task Workers_that_do_not_see_the_data_are_sent_it_and_give_the_same_model()
    {
        string cache = Directory.CreateTempSubdirectory("cluster-data-tests").FullName;
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 0);
        await cluster.StartWorker(Path.Combine(cache, "one"));
        await cluster.StartWorker(Path.Combine(cache, "two"));

        JobFinished finished = await cluster.Run(CoordinatorBench.Submit(TestData.Mlp()));

        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(TestData.Mlp()).Sha256);
        string[] kept = Directory.GetFiles(cache, "*", SearchOption.AllDirectories);
        kept.Select(Path.GetFileName).ShouldContain("digits.csv");
        kept.ShouldNotContain(path => path.Contains(".part-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folds_on_workers_that_do_not_see_the_data_give_the_figures_of_folds_that_do()
    {
        string cache = Directory.CreateTempSubdirectory("cluster-data-tests").FullName;
        SubmitJob submit = CoordinatorBench.Submit(TestData.Mlp()) with { Tasks = TaskOrder.OfFolds(3) };
        await using WholeCluster seeing = new();
        await seeing.Start(workers: 1);
        JobFinished wanted = await seeing.Run(submit);
        await using WholeCluster blind = new();
        await blind.Start(workers: 0);
        await blind.StartWorker(Path.Combine(cache, "one"));
        await blind.StartWorker(Path.Combine(cache, "two"));

        JobFinished finished = await blind.Run(submit);

        finished.Reason.ShouldBeEmpty();
        finished.Tasks.Select(fold => fold.ModelSha256).ShouldBe(wanted.Tasks.Select(fold => fold.ModelSha256));
        finished.Tasks.SelectMany(fold => fold.Figures).ShouldBe(wanted.Tasks.SelectMany(fold => fold.Figures));
        finished.Tasks.Length.ShouldBe(3);
        Directory.GetFiles(cache, "digits.csv", SearchOption.AllDirectories).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_dies_and_one_that_comes_do_not_change_the_model()
    {
        string text = TestData.Mlp(epochs: 60);
        SubmitJob submit = CoordinatorBench.Submit(text);
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);
        await cluster.HoldBeyond(step: 3, submit);

        cluster.KillWorker();
        await cluster.StartWorker();
        cluster.GoOn();
        JobFinished finished = await cluster.Finished(submit.Job);

        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
    }

    [Theory]
    [InlineData("fp16", 1.9)]
    [InlineData("int8", 3.6)]
    [InlineData("{ kind: int8, feedback: true }", 3.6)]
    [InlineData("{ top-k: 0.01, feedback: false }", 5)]
    [InlineData("{ top-k: 0.01 }", 1.5)]
    public async Task Compressed_contributions_are_as_much_smaller_and_give_one_model_for_any_workers(string compression, double least)
    {
        string plain = TestData.Mlp(epochs: 5).Replace("dense: 24", "dense: 256", StringComparison.Ordinal);
        string text = plain.Replace("batch: 256", $"batch: 256, compression: {compression}", StringComparison.Ordinal);
        string wanted = CoordinatorBench.Sequential(text).Sha256;
        double exact = (await Run(plain, workers: 1)).Gathered;

        foreach (int workers in new[] { 1, 2, 4 })
        {
            (JobFinished finished, double gathered) = await Run(text, workers);
            finished.ModelSha256.ShouldBe(wanted);
            // How long a sum is follows from the job; how many are gathered depends on when the shards were found.
            finished.Exchange.Single(figure => figure.Name == "compression_ratio").Value.ShouldBeGreaterThan(least);
            if (workers == 1) gathered.ShouldBeLessThan(exact);
        }
        CoordinatorBench.Sequential(text).Test["accuracy"]!.Value.ShouldBeGreaterThan(CoordinatorBench.Sequential(plain).Test["accuracy"]!.Value - 0.03);

        static async Task<(JobFinished Finished, double Gathered)> Run(string job, int workers)
        {
            await using WholeCluster cluster = new();
            await cluster.Start(workers);
            JobFinished finished = await cluster.Run(CoordinatorBench.Submit(job));
            return (finished, finished.Exchange.Single(figure => figure.Name == "bytes_gathered").Value);
        }
    }

    // The journal's entry of an epoch holds the number of examples and the bits of their mean loss: the ledger of what was done.
    [Theory]
    [InlineData("synchronous")]
    [InlineData("{ local-sgd: { steps: 2 } }")]
    [InlineData("synchronous, compression: int8")]
    [InlineData("synchronous, compression: { top-k: 0.01 }")]
    [InlineData("synchronous, compression: { kind: int8, feedback: true }")]
    public async Task Workers_that_come_and_go_within_one_job_lose_no_step_and_do_none_twice(string mode)
    {
        const int epochs = 150;
        string text = TestData.Mlp(epochs).Replace("dense: 24", "dense: 256", StringComparison.Ordinal).Replace(
            "optimizer: { adam: { rate: 0.01 } }, early-stopping: { patience: 5 }",
            $"optimizer: {{ sgd: {{ rate: 0.1 }} }}, mode: {mode}", StringComparison.Ordinal);
        SubmitJob submit = CoordinatorBench.Submit(text);
        await using WholeCluster still = new();
        await still.Start(workers: 1);
        JobFinished wanted = await still.Run(submit);
        await using WholeCluster elastic = new();
        await elastic.Start(workers: 1);

        await elastic.HoldBeyond(step: 3, submit);
        for (int i = 0; i < 3; i++) await elastic.StartWorker();
        await elastic.HoldBeyond(step: 20, submit.Job);
        await elastic.LeaveWorker();
        await elastic.HoldBeyond(step: 40, submit.Job);
        await elastic.LeaveWorker();
        elastic.GoOn();
        JobFinished finished = await elastic.Finished(submit.Job);

        finished.ModelSha256.ShouldBe(wanted.ModelSha256);
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
        (await elastic.JournalledEpochs(submit.Job)).ShouldBe(await still.JournalledEpochs(submit.Job));
        (await still.JournalledEpochs(submit.Job)).Length.ShouldBe(epochs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_coordinator_that_dies_or_leaves_is_continued_by_another_from_journal_and_checkpoint(bool leaves)
    {
        string text = TestData.Mlp(epochs: 60);
        SubmitJob submit = CoordinatorBench.Submit(text);
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);
        await cluster.HoldBeyond(step: 3, submit);

        if (leaves) await cluster.LeaveCoordinator();
        else cluster.KillCoordinator();
        await cluster.StartCoordinator();
        cluster.GoOn();
        JobFinished finished = await cluster.Finished(submit.Job);

        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Folds_give_the_same_scores_for_any_number_of_workers(int workers)
    {
        string text = TestData.Mlp(epochs: 2);
        await using WholeCluster cluster = new();
        await cluster.Start(workers);

        JobFinished finished = await cluster.Run(CoordinatorBench.Submit(text, folds: 4));

        finished.Reason.ShouldBeEmpty();
        finished.Tasks.Select(fold => fold.ModelSha256).ShouldBe(Enumerable.Range(0, 4).Select(fold => Fold(text, fold).Sha256));
        finished.Tasks.Select(fold => fold.Figures[0].Value)
            .ShouldBe(Enumerable.Range(0, 4).Select(fold => Fold(text, fold).Test.Values[0].Value));
    }

    [Fact]
    public async Task Folds_of_a_private_job_have_noise_of_their_own_wherever_they_are_computed()
    {
        string text = TestData.Private(epochs: 1);
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);

        JobFinished finished = await cluster.Run(CoordinatorBench.Submit(text, folds: 4));

        finished.Tasks.Select(fold => fold.ModelSha256).ShouldBe(Enumerable.Range(0, 4).Select(fold => Fold(text, fold).Sha256));
    }

    [Fact]
    public async Task Folds_of_a_worker_that_dies_are_computed_by_another()
    {
        string text = TestData.Mlp(epochs: 10);
        SubmitJob submit = CoordinatorBench.Submit(text, folds: 4);
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);
        await cluster.Ask(submit);

        cluster.KillWorker();
        JobFinished finished = await cluster.Finished(submit.Job);

        finished.Reason.ShouldBeEmpty();
        finished.Tasks.Select(fold => fold.ModelSha256).ShouldBe(Enumerable.Range(0, 4).Select(fold => Fold(text, fold).Sha256));
    }

    private static TrainedModel Fold(string text, int fold)
    {
        JobSpec spec = JobFile.Parse(text, "job.yaml", TestData.Directory);
        return SequentialTrainer.Train(spec, PreparedData.LoadFold(spec, Learners.NumbersFor(spec), fold, 4), secret: TestData.Secret.OfFold(fold));
    }
}
