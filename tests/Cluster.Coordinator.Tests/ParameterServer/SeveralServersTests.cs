using Cluster.Messages;

namespace Cluster.Coordinator.Tests.ParameterServer;

/// <summary>Jobs whose parameters several servers keep: the model of one, whatever becomes of the others.</summary>
public sealed class SeveralServersTests
{
    private static readonly string s_text = TestData.Mlp(epochs: 40).Replace("dense: 24", "dense: 64", StringComparison.Ordinal)
        .Replace("batch: 256", "batch: 256, clip-norm: 0.5", StringComparison.Ordinal);

    private static readonly string s_wanted = CoordinatorBench.Sequential(s_text).Sha256;

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 4)]
    public async Task However_many_servers_and_workers_the_model_is_that_of_one(int servers, int workers)
    {
        await using WholeCluster cluster = new();
        await cluster.Start(workers);

        JobFinished finished = await cluster.Run(Submit(s_text, servers));

        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(s_wanted);
        Figure(finished, "servers").ShouldBe(servers);
        for (int i = 1; i <= servers; i++) Figure(finished, $"server_{i}_bytes").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_private_job_is_refused_for_its_noise_belongs_to_no_worker()
    {
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);

        JobFinished finished = await cluster.Run(Submit(TestData.Private(), servers: 3));

        finished.FailureKind.ShouldBe(FailureKind.BadInput);
        finished.Reason.ShouldContain("wanted training.servers: 1 where training is private");
    }

    [Fact]
    public async Task A_server_that_is_lost_takes_all_back_to_the_newest_checkpoint_and_the_model_stays()
    {
        string text = s_text.Replace("epochs: 40", "epochs: 150", StringComparison.Ordinal);
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 3);
        SubmitJob submit = Submit(text, servers: 3);
        await cluster.HoldBeyond(step: 8, submit);

        cluster.KillWorker();
        cluster.GoOn();
        JobFinished finished = await cluster.Finished(submit.Job);

        finished.Reason.ShouldBeEmpty();
        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
        Figure(finished, "recoveries").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_coordinator_that_dies_is_continued_by_another()
    {
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);
        SubmitJob submit = Submit(s_text, servers: 2);
        await cluster.HoldBeyond(step: 3, submit);

        cluster.KillCoordinator();
        await cluster.StartCoordinator();
        cluster.GoOn();

        (await cluster.Finished(submit.Job)).ModelSha256.ShouldBe(s_wanted);
    }

    [Fact]
    public async Task A_job_goes_on_with_another_number_of_servers()
    {
        string text = s_text.Replace("epochs: 40", "epochs: 150", StringComparison.Ordinal);
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 2);
        SubmitJob submit = Submit(text, servers: 3);
        await cluster.HoldBeyond(step: 8, submit);
        await cluster.Ask(new CancelJob(submit.Job, 1));
        cluster.GoOn();
        (await cluster.Finished(submit.Job)).Status.ShouldBe(JobStatus.Cancelled);

        (await cluster.Ask(submit with { Servers = 2 })).ShouldBeOfType<JobAccepted>();
        await cluster.Ask(new ResumeJob(submit.Job, 2));
        JobFinished finished = (await cluster.Until(submit.Job, described => described.Finished is { Status: not JobStatus.Cancelled })).Finished!;

        finished.ModelSha256.ShouldBe(CoordinatorBench.Sequential(text).Sha256);
        Figure(finished, "servers").ShouldBe(2);
    }

    [Fact]
    public async Task A_model_that_is_solved_from_the_whole_sum_is_refused()
    {
        await using WholeCluster cluster = new();
        await cluster.Start(workers: 1);

        JobFinished finished = await cluster.Run(Submit(TestData.KMeans, servers: 2));

        finished.Status.ShouldBe(JobStatus.Failed);
        finished.Reason.ShouldContain("training.servers");
        finished.Reason.ShouldContain("kmeans");
    }

    private static SubmitJob Submit(string text, int servers) => CoordinatorBench.Submit(text) with { Servers = servers };

    private static double Figure(JobFinished finished, string name) => finished.Exchange.Single(figure => figure.Name == name).Value;
}
