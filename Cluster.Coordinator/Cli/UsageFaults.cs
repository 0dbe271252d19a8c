using System.CommandLine;

namespace Cluster.Coordinator.Cli;

/// <summary>What is wrong with the arguments, in words that name the verb or flag that was most likely meant.</summary>
internal static class UsageFaults
{
    /// <summary>One line a fault.</summary>
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string[] unknown = [.. parsed.UnmatchedTokens];
        if (command.Subcommands.Count > 0 && command.Action is null && unknown.Length > 0)
        {
            yield return $"{command.Name}: wanted a verb, got '{unknown[0]}'; {Nearest.Advice(unknown[0], [.. command.Subcommands.Select(verb => verb.Name)])}.";
            yield break;
        }
        string[] flags = [.. unknown.Where(token => token.StartsWith('-')).Select(token => token.Split('=')[0]).Distinct()];
        foreach (string flag in flags) yield return $"{command.Name}: wanted a flag that it has, got '{flag}'; {Advice(flag, command)}.";
        foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
            if (flags.Length == 0 || !unknown.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal)))
                yield return error.Message;
    }

    private static string Advice(string flag, Command command) => Nearest.Find(flag, [.. command.Options.Select(option => option.Name)]) is { } near
        ? $"did you mean '{near}'"
        : "--help lists them";
}
