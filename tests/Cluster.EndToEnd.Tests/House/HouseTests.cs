using System.Reflection;
using System.Text.RegularExpressions;

namespace Cluster.EndToEnd.Tests.House;

/// <summary>The invariants of absence that the README promises.</summary>
public sealed partial class HouseTests
{
    private static readonly string[] Projects =
        ["Cluster.Coordinator", "Cluster.Messages", "Cluster.Ml", "Cluster.Seed", "Cluster.Worker"];

    [Theory]
    [InlineData("Cluster.Ml", "")]
    [InlineData("Cluster.Messages", "Actors.props")]
    [InlineData("Cluster.Worker", "Actors.props Cluster.Messages Cluster.Ml")]
    [InlineData("Cluster.Seed", "Actors.props Cluster.Messages")]
    [InlineData("Cluster.Coordinator", "Actors.props Cluster.Messages Cluster.Ml Cluster.Seed Cluster.Worker")]
    public void Arrows_only_point_down(string project, string allowed)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, project, project + ".csproj"));
        string[] found = [.. ReferencePattern().Matches(text).Select(match => match.Groups[1].Value).Distinct().Order()];
        found.ShouldBe(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Only_the_local_cluster_touches_worker_and_seed() => Offenders(
        file => file.StartsWith("Cluster.Coordinator/", StringComparison.Ordinal) && !file.StartsWith("Cluster.Coordinator/Local/", StringComparison.Ordinal),
        line => line.Contains("Cluster.Worker", StringComparison.Ordinal) || line.Contains("Cluster.Seed", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Learning_code_knows_no_actors() => Offenders(
        file => file.StartsWith("Cluster.Ml/", StringComparison.Ordinal),
        line => ActorPattern().IsMatch(line)).ShouldBeEmpty();

    [Fact]
    public void Learning_code_has_no_async_and_no_clock() => Offenders(
        file => file.StartsWith("Cluster.Ml/", StringComparison.Ordinal),
        line => AsyncPattern().IsMatch(line)).ShouldBeEmpty();

    [Fact]
    public void One_parser_reads_all_numbers() => Offenders(
        file => file != "Cluster.Ml/Text/Words/NumberText.cs",
        line => NumberParserPattern().IsMatch(line)).ShouldBeEmpty();

    [Theory]
    [InlineData("double.Parse(text)", true)]
    [InlineData("!int.TryParse(text, out int x)", true)]
    [InlineData("T.TryParse(text, null, out T? value)", true)]
    [InlineData("Convert.ToDouble(text)", true)]
    [InlineData("NumberText.TryRead(text, out int x)", false)]
    [InlineData("NodeAddress.TryParse(text, out address)", false)]
    public void The_rule_of_numbers_sees_a_parser(string line, bool offends) => NumberParserPattern().IsMatch(line).ShouldBe(offends);

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        SourceFiles().Where(file => File.ReadLines(Path.Combine(Repository.Root, file)).Count() > 400).ShouldBeEmpty();

    /// <summary>The test of X.cs is XTests.cs in the same folder of the tests.</summary>
    [Fact]
    public void A_test_lies_in_the_folder_of_what_it_tests()
    {
        ILookup<(string, string), string> sources = SourceFiles().ToLookup(file => (file.Split('/')[0], Path.GetFileNameWithoutExtension(file)));
        string tests = Path.Combine(Repository.Root, "tests");
        Projects.Where(project => Directory.Exists(Path.Combine(tests, project + ".Tests"))).SelectMany(project =>
            from file in Directory.GetFiles(Path.Combine(tests, project + ".Tests"), "*Tests.cs", SearchOption.AllDirectories)
            let folder = Path.GetRelativePath(Path.Combine(tests, project + ".Tests"), Path.GetDirectoryName(file)!).Replace('\\', '/')
            let tested = sources[(project, Path.GetFileNameWithoutExtension(file)[..^"Tests".Length])].ToArray()
            where tested.Length == 1
            let wanted = Path.GetRelativePath(project, Path.GetDirectoryName(tested[0])!).Replace('\\', '/')
            where folder != wanted
            select $"{file}: wanted in {wanted}, got {folder}").ShouldBeEmpty();
    }

    [Fact]
    public void No_type_has_a_name_that_says_nothing() =>
        Directory.GetFiles(AppContext.BaseDirectory, "*.dll")
            .Where(file => Path.GetFileName(file) is "cluster.dll" || Projects.Contains(Path.GetFileNameWithoutExtension(file)))
            .SelectMany(file => Assembly.LoadFrom(file).GetTypes())
            .Where(type => type.Namespace?.StartsWith("Cluster", StringComparison.Ordinal) == true && EmptyNamePattern().IsMatch(type.Name))
            .Select(type => type.FullName)
            .ShouldBeEmpty();

    [Fact]
    public void The_rules_see_the_source() => SourceFiles().Count().ShouldBeGreaterThan(100);

    private static IEnumerable<string> SourceFiles() => Projects
        .SelectMany(project => Directory.GetFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static IEnumerable<string> Offenders(Func<string, bool> inFiles, Func<string, bool> offends) =>
        from file in SourceFiles().Where(inFiles)
        from line in File.ReadLines(Path.Combine(Repository.Root, file))
        where !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && offends(line)
        select $"{file}: {line.Trim()}";

    [GeneratedRegex("""(?:ProjectReference Include|Project)="(?:\.\./)+(?:Cluster\.\w+/)?(Cluster\.\w+|Actors\.props)(?:\.csproj)?"?""")]
    private static partial Regex ReferencePattern();

    [GeneratedRegex(@"\bAkka\b|\bI?Actor(Ref|System)?\b")]
    private static partial Regex ActorPattern();

    [GeneratedRegex(@"\b(s?byte|u?short|u?int|u?long|float|double|decimal|T|U?Int(16|32|64)|Single|Double|Decimal)\.(Try)?Parse\b|\bConvert\.To(S?Byte|U?Int|Single|Double|Decimal)|Utf8Parser")]
    private static partial Regex NumberParserPattern();

    [GeneratedRegex(@"\basync\b|\bawait\b|DateTime|Stopwatch|Thread\.")]
    private static partial Regex AsyncPattern();

    [GeneratedRegex(".(Helper|Helpers|Util|Utils|Common|Impl|Info)$")]
    private static partial Regex EmptyNamePattern();
}
