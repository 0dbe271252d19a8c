namespace Cluster.EndToEnd.Tests;

/// <summary>Networks of every kind, on workers that are processes of their own: whatever is killed, the model stays.</summary>
public sealed class KilledKindsTests : IDisposable
{
    private static readonly Dictionary<string, string> WithoutAvx512 = new() { ["DOTNET_EnableAVX512"] = "0" };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("digits-cnn", 8)]
    [InlineData("digits-lstm", 8)]
    [InlineData("digits-vae", 12)]
    [InlineData("digits-gan", 12)]
    [InlineData("digits-adversarial-autoencoder", 12)]
    [InlineData("char-lstm", 4, "--set", "model.units=32")]
    [InlineData("word2vec", 4)]
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
