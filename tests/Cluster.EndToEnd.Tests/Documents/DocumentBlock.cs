using System.Text.RegularExpressions;

namespace Cluster.EndToEnd.Tests.Documents;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page, from the project's folder.</param>
/// <param name="Line">The line of its fence.</param>
/// <param name="Language">What stands behind the fence: sh, text, yaml, …; empty if nothing does.</param>
/// <param name="Text">Its lines.</param>
/// <param name="NotRun">Why its commands are not run, as the comment before it says; null if they are.</param>
internal sealed partial record DocumentBlock(string Page, int Line, string Language, string Text, string? NotRun)
{
    /// <summary>The block after it, if that is what its last command says.</summary>
    public DocumentBlock? Output { get; init; }

    /// <summary>Where it is.</summary>
    public string Place => $"{Page}:{Line}";

    /// <summary>The arguments of each command; null in place of one that is no `cluster` command.</summary>
    public IReadOnlyList<IReadOnlyList<string>?> Commands =>
    [
        .. Continued().Replace(Text, " ").Split('\n')
            .Select(line => Words().Matches(line).TakeWhile(word => word.Groups[0].Value != "#" && !word.Value.StartsWith('#')).Select(word => Unquoted(word.Value)).ToArray())
            .Where(words => words.Length > 0)
            .Select(words => words switch
            {
                ["cluster", .. var arguments] => arguments,
                ["dotnet", "run", "-c", "Release", "--project", "Cluster.Coordinator", "--", .. var arguments] => arguments,
                _ => null,
            }),
    ];

    /// <summary>The blocks of a page.</summary>
    public static IReadOnlyList<DocumentBlock> Of(string page)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, page));
        List<DocumentBlock> blocks = [];
        int end = 0;
        foreach (Match match in Fenced().Matches(text))
        {
            DocumentBlock block = new(
                page, text.AsSpan(0, match.Groups["fence"].Index).Count('\n') + 1, match.Groups["language"].Value, match.Groups["text"].Value,
                match.Groups["reason"] is { Success: true, Value: var reason } ? reason.Trim() : null);
            if (block.Language == "text" && blocks is [.., { Language: "sh" } before] && string.IsNullOrWhiteSpace(text[end..match.Index])) blocks[^1] = before with { Output = block };
            blocks.Add(block);
            end = match.Index + match.Length;
        }
        return blocks;
    }

    private static string Unquoted(string word) => word.Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal);

    [GeneratedRegex(@"(?:^<!-- not run: (?<reason>[^>]*) -->\n+)?^(?<fence>```)(?<language>\S*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continued();

    /// <summary>A word of a shell, with its quotes.</summary>
    [GeneratedRegex("""(?:"[^"]*"|'[^']*'|[^\s"'])+""")]
    private static partial Regex Words();
}
