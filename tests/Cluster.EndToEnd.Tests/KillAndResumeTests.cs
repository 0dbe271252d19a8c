namespace Cluster.EndToEnd.Tests;

/// <summary>A job that is killed and resumed ends with the model of the job that was left alone.</summary>
public sealed class KillAndResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _epochs = 40;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(35, 70, 140)]
    [InlineData(45, 50)]      // within one epoch, which has 20 steps
    public Task Kills_at_different_steps_change_nothing(params int[] steps) => DisturbedAsync(async () =>
    {
        string undisturbed = await UndisturbedAsync();
        foreach (int step in steps) await KillOnceStepIsSavedAsync(step);
        (await ResumeAsync()).ModelSha256.ShouldBe(undisturbed);
    });

    [Fact]
    public Task A_damaged_checkpoint_is_named_and_the_one_before_it_used() => DisturbedAsync(async () =>
    {
        string undisturbed = await UndisturbedAsync();
        await KillOnceStepIsSavedAsync(60);
        string newest = Checkpoints().Max()!;
        byte[] bytes = await File.ReadAllBytesAsync(newest);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(newest, bytes);

        ClusterProcess.Finished resumed = await ResumeAsync();

        resumed.Messages.ShouldContain(Path.GetFileName(newest));
        resumed.ModelSha256.ShouldBe(undisturbed);
    });

    [Fact]
    public Task Ctrl_C_writes_a_checkpoint_and_says_how_to_go_on() => DisturbedAsync(async () =>
    {
        string undisturbed = await UndisturbedAsync();
        using (ClusterProcess process = ClusterProcess.Start(Arguments("run")))
        {
            await process.SeeAsync(line => line.StartsWith("epoch 2/", StringComparison.Ordinal));
            process.Interrupt();
            ClusterProcess.Finished interrupted = await process.FinishAsync();
            DisturbedJob.Require(interrupted.ExitCode != 0, "Ctrl-C");
            interrupted.ExitCode.ShouldBe(130);
            interrupted.Messages.ShouldContain("--resume");
        }
        (await ResumeAsync()).ModelSha256.ShouldBe(undisturbed);
    }, epochs: 100);

    [Fact]
    public Task An_unfinished_run_is_refused_without_resume() => DisturbedAsync(async () =>
    {
        await KillOnceStepIsSavedAsync(40);
        ClusterProcess.Finished refused = await ClusterProcess.RunAsync(Arguments("run"));
        refused.ExitCode.ShouldBe(3);
        refused.Messages.ShouldContain("--resume");
    });

    [Fact]
    public async Task Resuming_where_nothing_was_begun_starts_from_the_beginning() =>
        (await ResumeAsync()).ModelSha256.ShouldBe(await UndisturbedAsync());

    private Task DisturbedAsync(Func<Task> test, int epochs = 40) => DisturbedJob.OfAsync(epochs, lengthened =>
    {
        _epochs = lengthened;
        return test();
    });

    private static string[] Job(string job) => ["train", Repository.Job(job)];

    private string CheckpointFolder => Path.Combine(Run("run"), "checkpoints");

    private string Run(string run) => _folder[$"{run}-{_epochs}"];

    private string[] Arguments(string run) =>
    [
        .. Job("digits-mlp"), "--workers", "2", "--out", Run(run), "--json",
        "--set", $"training.epochs={_epochs}", "--set", $"training.early-stopping.patience={_epochs}", "--set", "checkpoint.every-steps=5",
    ];

    private async Task<string> UndisturbedAsync() => (await ClusterProcess.RunAsync(Arguments("undisturbed"))).ModelSha256;

    private Task<ClusterProcess.Finished> ResumeAsync() => ClusterProcess.RunAsync([.. Arguments("run"), "--resume"]);

    private string[] Checkpoints() => Directory.Exists(CheckpointFolder) ? Directory.GetFiles(CheckpointFolder, "*.ckpt") : [];

    /// <summary>Kills the run as soon as it has put a checkpoint of this step or a later one on disk.</summary>
    private async Task KillOnceStepIsSavedAsync(int step)
    {
        string[] before = Checkpoints();
        using ClusterProcess process = ClusterProcess.Start([.. Arguments("run"), "--resume"]);
        await process.UntilAsync(() => Checkpoints().Except(before).Any(path => StepOf(path) >= step), $"step {step} was seen on disk");
        DisturbedJob.Require(!process.HasExited, "the kill");
        await process.KillAsync();
    }

    private static long StepOf(string path) => long.Parse(string.Concat(Path.GetFileName(path).Where(char.IsAsciiDigit)));
}
