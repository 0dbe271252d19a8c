using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.EndToEnd.Tests;

/// <summary>Learners of every kind: whatever is killed, and on whatever processor the job goes on, the model stays.</summary>
public sealed class KilledKindsTests : IDisposable
{
    private const int AttemptsMost = 5;
    private static readonly Dictionary<string, string> WithoutAvx512 = new() { ["DOTNET_EnableAVX512"] = "0" };

    /// <summary>Vectors of 128 bits alone; without any (see <see cref="SameModelTests"/>) a start takes twice the time.</summary>
    private static readonly Dictionary<string, string> WithNarrowVectors = new() { ["DOTNET_EnableAVX"] = "0", ["DOTNET_TC_QuickJitForLoops"] = "1" };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => new(LearnerRegistry.Names);

    public void Dispose() => _folder.Dispose();

    /// <summary>The model is that of the golden list, which two undisturbed workers give with the widest vectors.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_learner_that_is_killed_with_narrow_vectors_and_resumed_with_wider_ones_gives_the_model_that_it_always_gives(string kind)
    {
        (string job, string settings, string sha256) = GoldenModelTests.List.First(line =>
            !line.Settings.Contains("data.source", StringComparison.Ordinal) && JobFile.Read(Repository.Job(line.Job), []).Model.Kind == kind);
        string run = "";
        for (int attempt = 1; run.Length == 0; attempt++)
        {
            attempt.ShouldBeLessThanOrEqualTo(AttemptsMost, "each time the job was over before it was killed");
            string folder = _folder[$"{kind}-{attempt}"];
            using ClusterProcess process = ClusterProcess.Start(Arguments(folder, "--workers", "2", "--set", "checkpoint.every-steps=1"), WithNarrowVectors);
            DirectoryInfo checkpoints = new(Path.Combine(folder, "checkpoints"));
            await process.UntilAsync(() => Directory.Exists(checkpoints.FullName) && checkpoints.EnumerateFiles("*.ckpt").Any(), "a checkpoint");
            await process.KillAsync();
            if (!File.Exists(Path.Combine(folder, "result.json"))) run = folder;
        }

        ClusterProcess.Finished resumed = await ClusterProcess.RunAsync(Arguments(run, "--workers", "3", "--resume"), WithoutAvx512);

        resumed.ModelSha256.ShouldBe(sha256, resumed.Messages);

        string[] Arguments(string folder, params string[] flags) =>
        [
            "train", Repository.Job(job), "--out", folder, "--json", .. SecretFile.FlagsIn(_folder), .. flags,
            .. settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(setting => (string[])["--set", setting]),
        ];
    }

    [Theory]
    [InlineData("digits-cnn", 8)]
    [InlineData("char-lstm", 4, "--set", "model.units=32")]
    public Task A_worker_is_killed_then_the_command_and_narrower_vectors_end_the_job_with_the_same_model(string job, int atLeast, params string[] settings) =>
        DisturbedJob.OfAsync(atLeast, async epochs =>
    {
        string alone = (await ClusterProcess.RunAsync(Arguments("alone", "--workers", "1"))).ModelSha256;
        using (ClusterProcess process = ClusterProcess.Start(Arguments("killed", "--processes", "--workers", "2")))
        {
            await process.SeeAsync(line => line.StartsWith("epoch 1/", StringComparison.Ordinal));
            (await process.ChildrenAsync(2))[0].Kill();
            await process.SeeAsync(line => line.StartsWith("epoch 2/", StringComparison.Ordinal));
            DisturbedJob.Require(!process.HasExited, "the kill");
            await process.KillAsync();
        }

        ClusterProcess.Finished resumed = await ClusterProcess.RunAsync(Arguments("killed", "--processes", "--workers", "3", "--resume"), WithoutAvx512);

        resumed.ModelSha256.ShouldBe(alone, resumed.Messages);

        string[] Arguments(string run, params string[] flags) =>
        [
            "train", Repository.Job(job), "--set", $"training.epochs={epochs}", "--set", "training.early-stopping=null",
            "--set", "checkpoint.every-steps=10", "--out", _folder[$"{run}-{epochs}"], "--json", .. settings, .. flags,
        ];
    });
}
