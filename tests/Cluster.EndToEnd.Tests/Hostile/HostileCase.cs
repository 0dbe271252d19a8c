namespace Cluster.EndToEnd.Tests.Hostile;

/// <summary>One hostile input or situation: what lies in the folder, what is run there, and how it must end.</summary>
/// <param name="Name">A sentence; unique in the table.</param>
/// <param name="ExitCode">The exit code of the last command.</param>
/// <param name="Arguments">The command that meets the situation; it runs in a fresh folder, so names of files are relative.</param>
public sealed record HostileCase(string Name, int ExitCode, params string[] Arguments)
{
    /// <summary>Files beside the good job (`job.yaml`) and its good table (`data.csv`), by name; one of these names replaces it.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Commands that run before, and must end with 0.</summary>
    public IReadOnlyList<string[]> Before { get; init; } = [];

    /// <summary>Arranges what a text file cannot say (a pipe, a full disk, permissions), after <see cref="Before"/>; what it returns is disposed after the test.</summary>
    public Func<string, IDisposable?>? Arrange { get; init; }

    /// <summary>Variables of the environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What the command must say, on either stream; line ends are folded away.</summary>
    public IReadOnlyList<string> Says { get; init; } = [];

    /// <summary>What it must not say.</summary>
    public IReadOnlyList<string> NeverSays { get; init; } = [];

    /// <summary>Files that have the same bytes after the command as before it.</summary>
    public IReadOnlyList<string> Keeps { get; init; } = [];

    /// <summary>Files that the command must not leave behind.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Whether the situation can be arranged here; the reason why not, or null.</summary>
    public Func<string?>? SkippedBecause { get; init; }

    public override string ToString() => Name;
}
