using System.CommandLine;
using System.CommandLine.Parsing;

namespace Cluster.Coordinator.Cli;

/// <summary>What is wrong with the arguments, in words that name the verb or flag that was most likely meant.</summary>
internal static class UsageErrors
{
    /// <summary>One line an error.</summary>
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
        foreach (string empty in Empty(parsed)) yield return empty;
        foreach (ParseError error in parsed.Errors)
            if (flags.Length == 0 || !unknown.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal)))
                yield return error.Message;
    }

    /// <summary>What was given an empty text, as by a variable of a script that was not set; only a prompt may be one.</summary>
    public static IEnumerable<string> Empty(ParseResult parsed) => parsed.CommandResult.Children
        .Where(given => given.Tokens.Any(token => token.Value.Length == 0))
        .Select(given => given switch
        {
            OptionResult option => option.Option.Name,
            ArgumentResult argument => argument.Argument.Name,
            _ => "",
        })
        .Where(name => name is not ("" or "--prompt"))
        .Select(name => $"{name}: wanted a text, got an empty one; is a variable not set?");

    private static string Advice(string flag, Command command) => Nearest.Find(flag, [.. command.Options.Select(option => option.Name)]) is { } near
        ? $"did you mean '{near}'"
        : "--help lists them";
}
