using System.Text.RegularExpressions;
using Cluster.Messages.Node;

namespace Cluster.EndToEnd.Tests.Deployment;

/// <summary>A command line that starts a program of the project.</summary>
/// <param name="Role">The node's role; null for a verb of `cluster`.</param>
/// <param name="Arguments">What stands behind the program, and for a node behind its role.</param>
internal sealed partial record StartLine(string? Role, IReadOnlyList<string> Arguments)
{
    private static readonly string[] s_ends = ["|", "&", "&&", "||", ">", "}"];

    /// <summary>The program that a line starts; null if it starts none.</summary>
    public static StartLine? Of(string line)
    {
        string[] words = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        int program = words is ["cluster", ..] ? 0 : Array.FindIndex(words, word => Program().IsMatch(word));
        if (program < 0) return null;
        string[] behind = [.. words.Skip(program + 1).TakeWhile(word => !s_ends.Contains(word)).Select(word => word.TrimEnd(';'))];
        if (words[program].EndsWith("Cluster.Seed.dll", StringComparison.Ordinal)) return new StartLine(NodeRoles.Seed, behind);
        if (words[program].EndsWith("Cluster.Worker.dll", StringComparison.Ordinal)) return new StartLine(NodeRoles.Worker, behind);
        return behind is ["node", var role, ..] ? new StartLine(role, behind[2..]) : new StartLine(null, behind);
    }

    [GeneratedRegex(@"^(\S*/)?(Cluster\.(Seed|Worker)|cluster)\.dll$")]
    private static partial Regex Program();
}
