namespace Cluster.EndToEnd.Tests;

/// <summary>The promise: the same job gives the same model, byte for byte.</summary>
public sealed class SameModelTests
{
    private static readonly Dictionary<string, string> WithoutAvx512 = new() { ["DOTNET_EnableAVX512"] = "0" };

    /// <summary>The framework itself is compiled anew then, which takes the most part of a short job; without optimizing what loops it takes half.</summary>
    private static readonly Dictionary<string, string> WithoutVectors = new() { ["DOTNET_EnableHWIntrinsic"] = "0", ["DOTNET_TC_QuickJitForLoops"] = "1" };

    private const string Inception =
        "model.layers=[ { reshape: [ 8, 8, 1 ] }, { inception: [ 4, 4, 8, 2, 4, 4 ] }, { max-pool: 2 }, { inception: [ 8, 4, 8, 2, 4, 4 ] }, { average-pool: 4 }, { flatten: true } ]";
    private const string Residual =
        "model.layers=[ { reshape: [ 8, 8, 1 ] }, { conv: 8, size: 3, padding: same, activation: none }, { residual: 8 }, { residual: 16, stride: 2 }, { activate: relu }, { average-pool: 4 }, { flatten: true } ]";

    /// <summary>What a job may add to its kind; each kind alone is in <see cref="KilledKindsTests"/>.</summary>
    [Theory]
    [InlineData("digits-mlp", "training={ epochs: 6, compression: { top-k: 0.02, window: 8 } }")]
    [InlineData("digits-mlp", "training={ epochs: 6, compression: { kind: int8, feedback: true, window: 8 } }")]
    [InlineData("digits-private", "training.epochs=6")]
    [InlineData("digits-cnn", "training.epochs=2", Inception)]
    [InlineData("digits-cnn", "training.epochs=2", Residual)]
    [InlineData("digits-turned", "training.epochs=3")]
    public async Task However_many_workers_and_however_wide_the_vectors(string job, params string[] settings)
    {
        using TemporaryFolder folder = new();
        List<string> hashes = [];
        hashes.Add((await TrainAsync(1, null)).ModelSha256);
        hashes.Add((await TrainAsync(8, WithoutAvx512)).ModelSha256);
        hashes.Add((await TrainAsync(2, WithoutVectors)).ModelSha256);

        hashes.Distinct().Count().ShouldBe(1, string.Join('\n', hashes));

        Task<ClusterProcess.Finished> TrainAsync(int workers, Dictionary<string, string>? environment) => ClusterProcess.RunAsync(
            [
                "train", Repository.Job(job), "--workers", $"{workers}", .. settings.SelectMany(setting => (string[])["--set", setting]),
                "--out", folder[$"run-{workers}-{environment?.Keys.First()}"], "--json", .. SecretFile.FlagsIn(folder),
            ],
            environment);
    }

    [Theory]
    [InlineData("digits-private", "training.epochs=2")]
    [InlineData("diabetes-linear", "training.epochs=3")]
    [InlineData("iris-kmeans", "training.epochs=100")]
    public async Task Wherever_the_rows_are_kept(string job, string set)
    {
        using TemporaryFolder folder = new();
        string memory = await TrainAsync("memory", "--data-memory", "1GiB");
        string mapped = await TrainAsync("mapped", "--data-memory", "0");
        string processes = await TrainAsync("processes", "--data-memory", "0", "--processes");

        mapped.ShouldBe(memory);
        processes.ShouldBe(memory);
        Directory.GetFiles(folder["cache"], "*.rows", SearchOption.AllDirectories).ShouldHaveSingleItem();

        async Task<string> TrainAsync(string name, params string[] flags) => (await ClusterProcess.RunAsync(
            [.. new[] { "train", Repository.Job(job), "--workers", "2", "--set", set, "--out", folder[name], "--data-cache", folder["cache"], "--json" }, .. SecretFile.FlagsIn(folder), .. flags])).ModelSha256;
    }

    [Fact]
    public async Task Folds_give_the_same_figures_wherever_the_rows_are_kept()
    {
        using TemporaryFolder folder = new();
        string memory = await CrossvalAsync("--data-memory", "1GiB"), mapped = await CrossvalAsync("--data-memory", "0", "--processes");

        mapped.ShouldBe(memory);

        async Task<string> CrossvalAsync(params string[] flags) => string.Join('\n', (await ClusterProcess.RunAsync(
            [.. new[] { "crossval", Repository.Job("digits-softmax"), "--folds", "3", "--set", "training.epochs=3", "--data-cache", folder["cache"], "--workers", "2" }, .. flags]))
            .Output.Split('\n').Where(line => line.Contains("fold", StringComparison.Ordinal) || line.Contains("mean", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("digits-mlp", "training.epochs=4")]
    [InlineData("digits-gan", "training.epochs=3")]
    public async Task However_many_servers_keep_the_parameters(string job, string set)
    {
        using TemporaryFolder folder = new();
        List<string> hashes = [];
        foreach ((int servers, int workers) in new[] { (1, 2), (2, 2), (3, 1), (4, 3) })
        {
            ClusterProcess.Finished finished = await ClusterProcess.RunAsync(
                "train", Repository.Job(job), "--workers", $"{workers}", "--set", set, "--set", $"training.servers={servers}", "--out", folder[$"{servers}"], "--json");
            hashes.Add(finished.ModelSha256);
            if (servers > 1) ((double)finished.Json["exchange"]!["servers"]!).ShouldBe(servers);
        }

        hashes.Distinct().Count().ShouldBe(1, string.Join('\n', hashes));
    }

    [Theory]
    [InlineData("digits-mlp", "training.epochs=2")]
    [InlineData("digits-softmax", "training.epochs=2")]
    [InlineData("digits-private", "training.epochs=2")]
    public async Task Another_seed_gives_another_model(string job, string set)
    {
        using TemporaryFolder folder = new();
        string first = (await ClusterProcess.RunAsync(["train", Repository.Job(job), "--set", set, "--seed", "1", "--out", folder["1"], "--json", .. SecretFile.FlagsIn(folder)])).ModelSha256;
        string second = (await ClusterProcess.RunAsync(["train", Repository.Job(job), "--set", set, "--seed", "2", "--out", folder["2"], "--json", .. SecretFile.FlagsIn(folder)])).ModelSha256;
        first.ShouldNotBe(second);
    }
}
