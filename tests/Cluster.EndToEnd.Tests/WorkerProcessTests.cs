using System.Diagnostics;

namespace Cluster.EndToEnd.Tests;

/// <summary>Workers as processes of their own: the same model, whatever becomes of them, and none of them is left behind.</summary>
public sealed class WorkerProcessTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, "digits-mlp", "training.epochs=4")]
    [InlineData(6, "digits-mlp", "training.epochs=4")]
    [InlineData(4, "iris-kmeans", "training.epochs=100")]
    [InlineData(3, "digits-mlp", "training={ epochs: 6, compression: { top-k: 0.01, window: 8 } }")]
    public async Task However_many_processes_the_model_is_that_of_one_process(int workers, string job, string set)
    {
        string alone = (await TrainAsync("alone", job, set, "--workers", "2")).ModelSha256;

        ClusterProcess.Finished finished = await TrainAsync("processes", job, set, "--processes", "--workers", $"{workers}");

        finished.ModelSha256.ShouldBe(alone, finished.Messages);
    }

    [Theory]
    [InlineData("digits-cnn", "training.epochs=2")]
    [InlineData("digits-adversarial-autoencoder", "training.epochs=2")]
    [InlineData("char-lstm", "training.epochs=1")]
    [InlineData("word2vec", "training.epochs=1")]
    public async Task Networks_of_every_kind_are_the_same_from_processes(string job, string set)
    {
        string alone = (await TrainAsync("alone", job, set, "--workers", "1")).ModelSha256;

        ClusterProcess.Finished finished = await TrainAsync("processes", job, set, "--processes", "--workers", "2");

        finished.ModelSha256.ShouldBe(alone, finished.Messages);
    }

    [Fact]
    public async Task Sixteen_processes_form_a_cluster_and_train()
    {
        string alone = (await TrainAsync("alone", "digits-mlp", "training.epochs=2", "--workers", "2")).ModelSha256;

        ClusterProcess.Finished finished = await TrainAsync("sixteen", "digits-mlp", "training.epochs=2", "--processes", "--workers", "16");

        finished.ModelSha256.ShouldBe(alone, finished.Messages);
    }

    [Theory]
    [InlineData("training.epochs=EPOCHS")]
    [InlineData("training={ epochs: EPOCHS, compression: { top-k: 0.01 } }")]
    [InlineData("training={ epochs: EPOCHS, compression: { kind: int8, feedback: true } }")]
    public Task A_worker_that_is_killed_in_the_middle_changes_nothing(string set) => DisturbedJob.OfAsync(100, async epochs =>
    {
        ClusterProcess.Finished finished = await WithKilledWorkerAsync(epochs, set);

        DisturbedJob.Require(finished.Messages.Contains("is started again", StringComparison.Ordinal), "the kill");
    });

    [Fact]
    public Task A_process_that_is_killed_with_the_parameters_it_keeps_changes_nothing() => DisturbedJob.OfAsync(100, async epochs =>
    {
        ClusterProcess.Finished finished = await WithKilledWorkerAsync(epochs, "training.epochs=EPOCHS", "--set", "training.servers=2");

        ((double)finished.Json["exchange"]!["servers"]!).ShouldBe(2);
        DisturbedJob.Require(finished.Messages.Contains("which kept parameter range", StringComparison.Ordinal), "the kill");
    });

    [Theory]
    [InlineData("training.epochs=EPOCHS")]
    [InlineData("training={ epochs: EPOCHS, compression: { top-k: 0.01 } }")]
    public Task Ctrl_C_ends_every_process_and_resuming_gives_the_undisturbed_model(string settings) => DisturbedJob.OfAsync(100, async epochs =>
    {
        string set = Set(settings, epochs), run = $"run-{epochs}";
        string alone = (await TrainAsync($"alone-{epochs}", "digits-mlp", set, "--workers", "2")).ModelSha256;
        using ClusterProcess process = ClusterProcess.Start(Arguments(run, "digits-mlp", set, "--processes", "--workers", "2"));
        await process.SeeAsync(line => line.StartsWith("epoch 3/", StringComparison.Ordinal));
        IReadOnlyList<Process> workers = await process.ChildrenAsync(2);

        process.Interrupt();
        ClusterProcess.Finished interrupted = await process.FinishAsync();

        await EndedAsync(workers);
        DisturbedJob.Require(interrupted.ExitCode != 0, "Ctrl-C");
        interrupted.ExitCode.ShouldBe(130);
        (await TrainAsync(run, "digits-mlp", set, "--processes", "--workers", "1", "--resume")).ModelSha256.ShouldBe(alone);
    });

    [Fact]
    public async Task Workers_end_though_the_command_was_killed()
    {
        using ClusterProcess process = ClusterProcess.Start(Arguments("run", "digits-mlp", "training.epochs=4000", "--processes", "--workers", "2"));
        await process.SeeAsync(line => line.StartsWith("epoch 2/", StringComparison.Ordinal));
        IReadOnlyList<Process> workers = await process.ChildrenAsync(2);

        await process.KillAsync();

        await EndedAsync(workers);
    }

    /// <summary>The end of a job of which a worker was killed when the third epoch's line came; its model is that of the job left alone.</summary>
    private async Task<ClusterProcess.Finished> WithKilledWorkerAsync(int epochs, string settings, params string[] flags)
    {
        string set = Set(settings, epochs);
        string alone = (await TrainAsync($"alone-{epochs}", "digits-mlp", set, "--workers", "2")).ModelSha256;
        using ClusterProcess process = ClusterProcess.Start(
            Arguments($"killed-{epochs}", "digits-mlp", set, ["--processes", "--workers", "2", .. flags]));
        await process.SeeAsync(line => line.StartsWith("epoch 3/", StringComparison.Ordinal));
        (await process.ChildrenAsync(2))[0].Kill();

        ClusterProcess.Finished finished = await process.FinishAsync();

        finished.ModelSha256.ShouldBe(alone);
        return finished;
    }

    private Task<ClusterProcess.Finished> TrainAsync(string run, string job, string set, params string[] flags) =>
        ClusterProcess.RunAsync(Arguments(run, job, set, flags));

    private string[] Arguments(string run, string job, string set, params string[] flags) =>
    [
        "train", Repository.Job(job), "--set", set, "--set", "training.early-stopping=null", "--out", _folder[run], "--json", .. flags,
    ];

    private static string Set(string settings, int epochs) => settings.Replace("EPOCHS", $"{epochs}", StringComparison.Ordinal);

    private static async Task EndedAsync(IReadOnlyList<Process> processes)
    {
        foreach (Process process in processes)
        {
            await process.WaitForExitAsync().WaitAsync(Deadline);
            process.Dispose();
        }
    }
}
