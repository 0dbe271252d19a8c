using System.Diagnostics;

namespace Cluster.EndToEnd.Tests;

/// <summary>Workers as processes of their own: the same model, whatever becomes of them, and none of them is left behind.</summary>
public sealed class WorkerProcessTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("digits-mlp", "training.epochs=4")]
    [InlineData("iris-kmeans", "training.epochs=100")]
    [InlineData("digits-mlp", "training={ epochs: 6, compression: { top-k: 0.01, window: 8 } }")]
    public async Task However_many_processes_the_model_is_that_of_one_process(string job, string set)
    {
        string alone = (await TrainAsync("alone", job, set, "--workers", "2")).ModelSha256;

        foreach (int workers in new[] { 1, 2, 4, 6 })
        {
            ClusterProcess.Finished finished = await TrainAsync($"processes-{workers}", job, set, "--processes", "--workers", $"{workers}");
            finished.ModelSha256.ShouldBe(alone, finished.Messages);
        }
    }

    [Fact]
    public async Task Sixteen_processes_form_a_cluster_and_train()
    {
        string alone = (await TrainAsync("alone", "digits-mlp", "training.epochs=2", "--workers", "2")).ModelSha256;

        ClusterProcess.Finished finished = await TrainAsync("sixteen", "digits-mlp", "training.epochs=2", "--processes", "--workers", "16");

        finished.ModelSha256.ShouldBe(alone, finished.Messages);
    }

    [Theory]
    [InlineData("training.epochs=150")]
    [InlineData("training={ epochs: 150, compression: { top-k: 0.01 } }")]
    public async Task A_worker_that_is_killed_in_the_middle_changes_nothing(string set)
    {
        string[] job = ["digits-mlp", set];
        string alone = (await TrainAsync("alone", job[0], job[1], "--workers", "2")).ModelSha256;
        using ClusterProcess process = ClusterProcess.Start(Arguments("killed", job[0], job[1], "--processes", "--workers", "2"));
        await process.SeeAsync(line => line.StartsWith("epoch 3/", StringComparison.Ordinal));

        (await process.ChildrenAsync(2))[0].Kill();
        ClusterProcess.Finished finished = await process.FinishAsync();

        finished.ModelSha256.ShouldBe(alone);
        finished.Messages.ShouldContain("is started again");
    }

    [Fact]
    public async Task A_process_that_is_killed_with_the_parameters_it_keeps_changes_nothing()
    {
        string[] job = ["digits-mlp", "training.epochs=150"];
        string alone = (await TrainAsync("alone", job[0], job[1], "--workers", "2")).ModelSha256;
        using ClusterProcess process = ClusterProcess.Start(Arguments("killed", job[0], job[1], "--processes", "--workers", "2", "--set", "training.servers=2"));
        await process.SeeAsync(line => line.StartsWith("epoch 3/", StringComparison.Ordinal));

        (await process.ChildrenAsync(2))[0].Kill();
        ClusterProcess.Finished finished = await process.FinishAsync();

        finished.ModelSha256.ShouldBe(alone);
        finished.Messages.ShouldContain("which kept parameter range");
        ((double)finished.Json["exchange"]!["servers"]!).ShouldBe(2);
    }

    [Theory]
    [InlineData("training.epochs=400")]
    [InlineData("training={ epochs: 200, compression: { top-k: 0.01 } }")]
    public async Task Ctrl_C_ends_every_process_and_resuming_gives_the_undisturbed_model(string set)
    {
        string[] job = ["digits-mlp", set];
        string alone = (await TrainAsync("alone", job[0], job[1], "--workers", "2")).ModelSha256;
        using ClusterProcess process = ClusterProcess.Start(Arguments("run", job[0], job[1], "--processes", "--workers", "2"));
        await process.SeeAsync(line => line.StartsWith("epoch 3/", StringComparison.Ordinal));
        IReadOnlyList<Process> workers = await process.ChildrenAsync(2);

        process.Interrupt();
        (await process.FinishAsync()).ExitCode.ShouldBe(130);

        await EndedAsync(workers);
        (await TrainAsync("run", job[0], job[1], "--processes", "--workers", "1", "--resume")).ModelSha256.ShouldBe(alone);
    }

    [Fact]
    public async Task Workers_end_though_the_command_was_killed()
    {
        using ClusterProcess process = ClusterProcess.Start(Arguments("run", "digits-mlp", "training.epochs=4000", "--processes", "--workers", "2"));
        await process.SeeAsync(line => line.StartsWith("epoch 2/", StringComparison.Ordinal));
        IReadOnlyList<Process> workers = await process.ChildrenAsync(2);

        await process.KillAsync();

        await EndedAsync(workers);
    }

    private Task<ClusterProcess.Finished> TrainAsync(string run, string job, string set, params string[] flags) =>
        ClusterProcess.RunAsync(Arguments(run, job, set, flags));

    private string[] Arguments(string run, string job, string set, params string[] flags) =>
    [
        "train", Repository.Job(job), "--set", set, "--set", "training.early-stopping=null", "--out", _folder[run], "--json", .. flags,
    ];

    private static async Task EndedAsync(IReadOnlyList<Process> processes)
    {
        foreach (Process process in processes)
        {
            await process.WaitForExitAsync().WaitAsync(Deadline);
            process.Dispose();
        }
    }
}
