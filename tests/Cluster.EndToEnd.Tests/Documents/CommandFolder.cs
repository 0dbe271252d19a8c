using System.Diagnostics;
using System.Text.Json;

namespace Cluster.EndToEnd.Tests.Documents;

/// <summary>A fresh folder that looks like the project's own, and a process that runs one command after another in it.</summary>
internal sealed class CommandFolder : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    public CommandFolder()
    {
        foreach (string folder in (string[])["deploy", "docs"]) Directory.CreateSymbolicLink(_folder[folder], Path.Combine(Repository.Root, folder));
        ProcessStartInfo start = new("dotnet", [typeof(CommandFolder).Assembly.Location])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.FullPath,
        };
        start.Environment["XDG_STATE_HOME"] = _folder["state"];
        _process = Process.Start(start) ?? throw new InvalidOperationException("The process of commands did not start.");
    }

    /// <summary>The folder.</summary>
    public string FullPath => _folder.FullPath;

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="TimeoutException">It did not end within three minutes.</exception>
    public async Task<CommandAnswer> RunAsync(IReadOnlyList<string> arguments)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(arguments));
        await _process.StandardInput.FlushAsync();
        string line = await _process.StandardOutput.ReadLineAsync().WaitAsync(s_deadline)
            ?? throw new InvalidOperationException($"cluster {string.Join(' ', arguments)}: wanted an answer, got the end of the process.");
        return JsonSerializer.Deserialize<CommandAnswer>(line)!;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(s_deadline)) _process.Kill();
        _process.Dispose();
        foreach (string folder in (string[])["deploy", "docs"]) File.Delete(_folder[folder]);       // the link, not what it leads to
        _folder.Dispose();
    }
}
