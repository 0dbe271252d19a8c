using System.Text.RegularExpressions;

namespace Cluster.EndToEnd.Tests.House;

/// <summary>Every numbered line that the programs log has one number of its own, and a row in docs/operations.md.</summary>
public sealed partial class LogPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));

    private static readonly (string Id, string Level)[] s_logged =
    [
        .. Directory.GetFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar) is [var project, ..] parts
                && project.StartsWith("Cluster.", StringComparison.Ordinal) && !parts.Contains("obj") && !parts.Contains("bin"))
            .SelectMany(file => Logged().Matches(File.ReadAllText(file)))
            .Select(match => (match.Groups[2].Value, match.Groups[1].Value.ToLowerInvariant())),
    ];

    [Fact]
    public void No_number_stands_for_two_lines() =>
        s_logged.GroupBy(line => line.Id).Where(same => same.Count() > 1).Select(same => same.Key).ShouldBeEmpty();

    [Fact]
    public void The_page_tells_every_line_and_its_level() =>
        Row().Matches(s_page).Select(row => (row.Groups[1].Value, row.Groups[2].Value)).ShouldBe(s_logged.OrderBy(line => line.Id, StringComparer.Ordinal));

    [Fact]
    public void The_rule_sees_the_lines() => s_logged.Length.ShouldBeGreaterThan(30);

    /// <summary>A call such as log.Warning("C102 …", whose text may begin on the next line.</summary>
    [GeneratedRegex("""\b_?log\.(Debug|Info|Warning|Error)\(\s*\$?"([A-Z][0-9]{3,4}) """)]
    private static partial Regex Logged();

    [GeneratedRegex("""^\| ([A-Z][0-9]{3,4}) \| (\w+) \| [^|]+ \| [^|]+ \|$""", RegexOptions.Multiline)]
    private static partial Regex Row();
}
