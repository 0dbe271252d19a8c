using System.Text.RegularExpressions;

namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>The commands of a guide: its blocks of shell.</summary>
/// <param name="text">The guide.</param>
internal sealed partial class GuideCommands(string text)
{
    /// <summary>The nodes that lines of the guide start, each with the variables that its block sets for all of them.</summary>
    public IReadOnlyList<DeployedNode> Nodes => [.. Blocks.SelectMany(block => Lines(block)
        .Select(line => (Line: line, Start: StartLine.Of(line)))
        .Where(found => found.Start?.Role is not null)
        .Select(found => new DeployedNode($"guide, '{found.Line.Trim()}'", found.Start!.Role!, Variables(block), found.Start.Arguments)))];

    /// <summary>The arguments of every verb of `cluster` in the guide; a function that passes its own on is read with the verb `status`.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Verbs => [.. Blocks.SelectMany(Lines).Select(StartLine.Of)
        .Where(start => start is { Role: null, Arguments.Count: > 0 }).Select(start => start!.Arguments)];

    private IEnumerable<string> Blocks => Block().Matches(text).Select(match => Continued().Replace(match.Groups[1].Value, " "));

    private static IEnumerable<string> Lines(string block) => block.Split('\n')
        .Select(line => Unquoted().Replace(line.Replace("\"$@\"", "status", StringComparison.Ordinal), "x"));

    private static Dictionary<string, string> Variables(string block) => Lines(block).SelectMany(line => Assignment().Matches(line))
        .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    [GeneratedRegex(@"```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"\$\{?\w+\}?")]
    private static partial Regex Unquoted();

    [GeneratedRegex(@"(?<=^|\s)(CLUSTER_\w+)=(\S+)")]
    private static partial Regex Assignment();
}
