using System.Text;

namespace Cluster.EndToEnd.Tests;

/// <summary>The promise of private jobs, through the command: the secret is in the journal alone, and with it a run can be repeated.</summary>
public sealed class PrivateRunTests : IDisposable
{
    private const string Secret = "00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    public PrivateRunTests() => File.WriteAllText(_folder["secret"], Secret);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_was_killed_goes_on_with_the_secret_in_its_journal()
    {
        string[] job = [.. Job("training.epochs=150"), "--workers", "2", "--set", "checkpoint.every-steps=5"];
        string undisturbed = (await ClusterProcess.RunAsync([.. job, "--out", _folder["undisturbed"], .. WithSecret])).ModelSha256;
        string checkpoints = _folder["run/checkpoints"];
        using (ClusterProcess process = ClusterProcess.Start([.. job, "--out", _folder["run"], .. WithSecret]))
        {
            await process.UntilAsync(() => Directory.Exists(checkpoints) && Directory.GetFiles(checkpoints, "*.ckpt").Length > 0, "a checkpoint was seen on disk");
            await process.KillAsync();
        }

        ClusterProcess.Finished resumed = await ClusterProcess.RunAsync([.. job, "--out", _folder["run"], "--resume"]);     // without the file

        resumed.ModelSha256.ShouldBe(undisturbed);
    }

    [Fact]
    public async Task The_secret_is_in_no_file_but_the_journal_and_in_no_line_that_is_written()
    {
        ClusterProcess.Finished finished = await ClusterProcess.RunAsync([.. Job("training.epochs=2"), "--processes", "--workers", "2", "--out", _folder["run"], .. WithSecret]);

        finished.ExitCode.ShouldBe(0, finished.Messages);
        byte[][] forms = [Convert.FromHexString(Secret), Encoding.ASCII.GetBytes(Secret), Encoding.ASCII.GetBytes(Secret.ToUpperInvariant())];
        string[] files = [.. Directory.GetFiles(_folder["run"], "*", SearchOption.AllDirectories).Where(path => !Path.GetFileName(path).StartsWith("journal.db", StringComparison.Ordinal))];
        files.ShouldContain(path => path.EndsWith("model.cluster", StringComparison.Ordinal));
        foreach (string path in files)
            foreach (byte[] form in forms) (await File.ReadAllBytesAsync(path)).AsSpan().IndexOf(form).ShouldBe(-1, path);
        (finished.Output + finished.Messages).ShouldNotContain(Secret, Case.Insensitive);
        (await File.ReadAllBytesAsync(_folder["run/journal.db"])).AsSpan().IndexOf(forms[0]).ShouldBeGreaterThan(-1, "or this test looks for the wrong bytes");
    }

    [Fact]
    public async Task Without_the_file_every_run_has_a_secret_of_its_own()
    {
        string[] models =
        [
            (await ClusterProcess.RunAsync([.. Job("training.epochs=1"), "--out", _folder["1"]])).ModelSha256,
            (await ClusterProcess.RunAsync([.. Job("training.epochs=1"), "--out", _folder["2"]])).ModelSha256,
        ];
        models[0].ShouldNotBe(models[1]);
    }

    private string[] WithSecret => ["--privacy-secret-file", _folder["secret"]];

    private static string[] Job(string set) => ["train", Repository.Job("digits-private"), "--set", "privacy.target-epsilon=null", "--set", set, "--json"];
}
