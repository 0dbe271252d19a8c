using System.Text.RegularExpressions;
using Cluster.Messages.Node.Settings;

namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>A unit of deploy/systemd.</summary>
internal static partial class SystemdUnit
{
    /// <summary>The nodes that a unit starts, each with the settings file that lies beside the unit.</summary>
    /// <param name="file">Its name, for failures.</param>
    /// <param name="text">Its text.</param>
    /// <param name="folder">Where the settings files lie that are installed in /etc/cluster.</param>
    public static IReadOnlyList<DeployedNode> NodesOf(string file, string text, string folder) => [.. Start().Matches(text)
        .Select(match => StartLine.Of(match.Groups[1].Value.Replace("%l", "host", StringComparison.Ordinal).Replace("%i", "1", StringComparison.Ordinal))!)
        .Select(start => new DeployedNode(file, start.Role!, Variables(text), [.. start.Arguments.Select(word => word.Replace("/etc/cluster/", folder + "/", StringComparison.Ordinal))]))];

    /// <summary>The variables that drop-ins of a settings file's comment set, for the role of that file.</summary>
    public static DeployedNode DropIn(string file, string text, string role, string path) =>
        new($"{file}, drop-in", role, Variables(text), [SettingsReader<ProgramOptions>.FileFlag, path]);

    private static Dictionary<string, string> Variables(string text) => Environments().Matches(text)
        .SelectMany(match => match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(set => set[..set.IndexOf('=', StringComparison.Ordinal)], set => set[(set.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    [GeneratedRegex("^ExecStart=(.*)$", RegexOptions.Multiline)]
    private static partial Regex Start();

    [GeneratedRegex("Environment=(.*)$", RegexOptions.Multiline)]
    private static partial Regex Environments();
}
