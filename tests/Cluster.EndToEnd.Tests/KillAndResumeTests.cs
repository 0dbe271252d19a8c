namespace Cluster.EndToEnd.Tests;

/// <summary>A job that is killed and resumed ends with the model of the job that was left alone.</summary>
public sealed class KillAndResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _epochs = 40;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Three_kills_at_different_steps_change_nothing()
    {
        string undisturbed = await UndisturbedAsync();
        foreach (int step in new[] { 35, 70, 140 }) await KillOnceStepIsSavedAsync(step);
        (await ResumeAsync()).ModelSha256.ShouldBe(undisturbed);
    }

    [Fact]
    public async Task Two_kills_within_one_epoch_change_nothing()
    {
        string undisturbed = await UndisturbedAsync();
        foreach (int step in new[] { 45, 50 }) await KillOnceStepIsSavedAsync(step);      // an epoch has 20 steps
        (await ResumeAsync()).ModelSha256.ShouldBe(undisturbed);
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_named_and_the_one_before_it_used()
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
    }

    [Fact]
    public async Task Ctrl_C_writes_a_checkpoint_and_says_how_to_go_on()
    {
        _epochs = 400;      // seconds of training left when the signal comes, however fast the machine
        string undisturbed = await UndisturbedAsync();
        using (ClusterProcess process = ClusterProcess.Start(Arguments("run")))
        {
            await process.SeeAsync(line => line.StartsWith("epoch 2/", StringComparison.Ordinal));
            process.Interrupt();
            ClusterProcess.Finished interrupted = await process.FinishAsync();
            interrupted.ExitCode.ShouldBe(130);
            interrupted.Messages.ShouldContain("--resume");
        }
        (await ResumeAsync()).ModelSha256.ShouldBe(undisturbed);
    }

    [Fact]
    public async Task An_unfinished_run_is_refused_without_resume()
    {
        await KillOnceStepIsSavedAsync(40);
        ClusterProcess.Finished refused = await ClusterProcess.RunAsync(Arguments("run"));
        refused.ExitCode.ShouldBe(3);
        refused.Messages.ShouldContain("--resume");
    }

    [Fact]
    public async Task Resuming_where_nothing_was_begun_starts_from_the_beginning() =>
        (await ResumeAsync()).ModelSha256.ShouldBe(await UndisturbedAsync());

    private static string[] Job(string job) => ["train", Repository.Job(job)];

    private string[] Arguments(string run) =>
    [
        .. Job("digits-mlp"), "--workers", "2", "--out", _folder[run], "--json",
        "--set", $"training.epochs={_epochs}", "--set", $"training.early-stopping.patience={_epochs}", "--set", "checkpoint.every-steps=5",
    ];

    private async Task<string> UndisturbedAsync() => (await ClusterProcess.RunAsync(Arguments("undisturbed"))).ModelSha256;

    private Task<ClusterProcess.Finished> ResumeAsync() => ClusterProcess.RunAsync([.. Arguments("run"), "--resume"]);

    private IEnumerable<string> Checkpoints() => Directory.Exists(Path.Combine(_folder["run"], "checkpoints"))
        ? Directory.GetFiles(Path.Combine(_folder["run"], "checkpoints"), "*.ckpt")
        : [];

    /// <summary>Kills the run as soon as a checkpoint of this step or a later one is on disk.</summary>
    private async Task KillOnceStepIsSavedAsync(int step)
    {
        string folder = Path.Combine(_folder["run"], "checkpoints");
        Directory.CreateDirectory(folder);
        TaskCompletionSource saved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using FileSystemWatcher watcher = new(folder) { EnableRaisingEvents = true };
        watcher.Created += (_, change) => Look(change.Name);
        watcher.Renamed += (_, change) => Look(change.Name);
        using ClusterProcess process = ClusterProcess.Start([.. Arguments("run"), "--resume"]);
        await saved.Task.WaitAsync(TimeSpan.FromMinutes(1));
        process.HasExited.ShouldBeFalse("the run must be killed in the middle, not after its end");
        await process.KillAsync();

        void Look(string? name)
        {
            if (name is null || !name.EndsWith(".ckpt", StringComparison.Ordinal)) return;
            string digits = new([.. name.Where(char.IsAsciiDigit)]);
            if (digits.Length > 0 && long.Parse(digits) >= step) saved.TrySetResult();
        }
    }
}
