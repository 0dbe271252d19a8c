using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Cluster.EndToEnd.Tests.Documents;

/// <summary>The programs of docs/programs run as docs/code.md shows them.</summary>
public sealed partial class ProgramsTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(6);
    private static readonly string s_programs = Path.Combine(Repository.Root, "docs", "programs");
    private readonly TemporaryFolder _folder = new();

    public ProgramsTests()
    {
        foreach (string folder in (string[])["deploy", "docs"]) Directory.CreateSymbolicLink(_folder[folder], Path.Combine(Repository.Root, folder));
    }

    public void Dispose()
    {
        foreach (string folder in (string[])["deploy", "docs"]) File.Delete(_folder[folder]);
        _folder.Dispose();
    }

    [Fact]
    public async Task A_program_trains_the_model_of_the_command_and_predicts()
    {
        string said = await RunAsync("train");
        ClusterProcess.Finished command = await ClusterProcess.RunAsync(
            "train", Repository.Job("digits-mlp"), "--set", "training.epochs=10", "--workers", "1", "--out", _folder["command"], "--json");

        said.ShouldContain($"model {command.ModelSha256[..8]}");
        Answer().Count(said).ShouldBe(3, said);
    }

    [Fact]
    public async Task A_program_hears_of_each_epoch_and_ends_training_by_its_own_rule()
    {
        string[] lines = (await RunAsync("epochs")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        string[] epochs = [.. lines.TakeWhile(line => line.StartsWith("epoch ", StringComparison.Ordinal))];
        epochs.Length.ShouldBeGreaterThan(3);
        epochs[0].ShouldStartWith("epoch 1 of 40: loss ");
        File.Exists(lines[^1].Split(": ")[1]).ShouldBeTrue(string.Join('\n', lines));
    }

    /// <summary>In this process, and as the command in processes of the program: the same model, which is of its own layer and loss.</summary>
    [Fact]
    public async Task Parts_of_a_program_train_through_the_cluster()
    {
        string said = await RunAsync("parts"), processes = await RunAsync("parts", "train", "docs/programs/huber.yaml", "--processes", "--workers", "2");

        string huber = Model().Match(said).Groups[1].Value;
        huber.Length.ShouldBe(8, said);
        processes.ShouldContain($"model_sha256 {huber}");
        said.ShouldContain("nearest-mean.yaml: accuracy 0.");
    }

    [Fact]
    public void The_guide_shows_what_the_programs_say()
    {
        string programs = string.Concat(Directory.GetFiles(s_programs, "*.cs").Select(File.ReadAllText));
        DocumentBlock.Of("docs/code.md").Where(block => block.Language == "csharp")
            .SelectMany(block => block.Text.Split('\n').Where(line => line.Length > 0 && !programs.Contains(line.Trim(), StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", ["run", Path.Combine(s_programs, $"{program}.cs"), "--", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullPath,
        };
        start.Environment["XDG_STATE_HOME"] = _folder["state"];
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(), messages = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(s_deadline);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program}.cs did not end within {s_deadline}.");
        }
        process.ExitCode.ShouldBe(0, $"{program}.cs: {await output}{await messages}");
        return await output;
    }

    [GeneratedRegex(@"^a \d, by \d+\s?%\r?$", RegexOptions.Multiline)]
    private static partial Regex Answer();

    [GeneratedRegex("huber.yaml: .*  model ([0-9a-f]{8})")]
    private static partial Regex Model();
}
