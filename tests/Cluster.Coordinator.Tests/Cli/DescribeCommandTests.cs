using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>What `describe` tells of a table, read back.</summary>
public sealed class DescribeCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-describe-");
    private readonly string _table;

    public DescribeCommandTests()
    {
        _table = Path.Combine(_folder.FullName, "people.csv");
        string[] colours = ["red", "green", "blue, or so"];
        File.WriteAllText(_table, "id;a long name of a column that goes on and on;colour;when;note;target\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{i};{(i % 9 == 4 ? "" : $"{i * 7 % 10},5")};{colours[i % 3]};2024-01-{1 + (i % 28):00};{new string((char)('a' + (i % 26)), 90)}{i};{(i % 4 == 0 ? "yes" : "no")}\n"))));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_line_fits_a_terminal_of_80_columns_and_says_what_a_column_is()
    {
        (int code, string text) = await RunAsync("describe", _table);

        code.ShouldBe(ExitCode.Success);
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        string[] described = [.. lines.TakeWhile(line => !line.StartsWith("a draft", StringComparison.Ordinal))];
        described.ShouldAllBe(line => line.Length <= 80);
        string all = string.Join(' ', described);
        foreach (string wanted in new[] { "60 rows, 6 columns parted by semicolons, decimal commas; 7 rows with missing values", "numbers the rows", "0.5 … 9.5", "green 33 %", "2024-01-01 … 2024-01-28", "an id", "no 75 %, yes 25 %", "target: target, classes" })
            System.Text.RegularExpressions.Regex.Replace(all, " +", " ").ShouldContain(wanted);
    }

    [Fact]
    public async Task Json_is_one_object_with_every_column_and_the_draft()
    {
        JsonObject described = JsonNode.Parse((await RunAsync("describe", _table, "--json")).Out.Trim())!.AsObject();

        described["columns"]!.AsArray().Select(column => column!["type"]!.GetValue<string>()).ShouldBe(["whole", "number", "text", "date", "text", "text"]);
        JsonNode number = described["columns"]![1]!;
        (number["missing"]!.GetValue<int>(), number["minimum"]!.GetValue<double>(), number["maximum"]!.GetValue<double>(), number["distinct"]!.GetValue<int>()).ShouldBe((7, 0.5, 9.5, 10));
        (described["rows"]!.GetValue<int>(), described["separator"]!.GetValue<string>(), described["decimal"]!.GetValue<string>()).ShouldBe((60, ";", "comma"));
        (described["target"]!.GetValue<string>(), described["task"]!.GetValue<string>()).ShouldBe(("target", "classes"));
        JobFile.Parse(described["job"]!.GetValue<string>(), "people.yaml", "/").Data.Ignore.ShouldBe(["id", "note"]);
    }

    [Fact]
    public async Task A_draft_is_written_to_a_file_that_names_the_table_from_where_it_lies()
    {
        string job = Path.Combine(_folder.CreateSubdirectory("jobs").FullName, "people.yaml");

        (int code, string text) = await RunAsync("describe", _table, "--job", job, "--target", "colour");

        code.ShouldBe(ExitCode.Success);
        text.ShouldContain(job);
        JobSpec read = JobFile.Read(job, []);
        (read.Data.Source, read.Data.Target).ShouldBe((_table, "colour"));
        read.Data.Encode!.Columns.Select(column => column.Column).ShouldBe(["when", "target"]);
        (await RunAsync("describe", _table, "--job", _table)).Code.ShouldBe(ExitCode.BadInput);
    }

    [Theory]
    [InlineData("no-such.csv")]
    [InlineData("text.txt")]
    public async Task What_is_no_table_is_refused(string name)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "text.txt"), "words\n");

        (await RunAsync("describe", Path.Combine(_folder.FullName, name))).Code.ShouldBe(ExitCode.BadInput);
    }

    private static async Task<(int Code, string Out)> RunAsync(params string[] arguments)
    {
        using StringWriter results = new(CultureInfo.InvariantCulture);
        int code = await CommandLine.RunAsync(arguments, new Terminal(results, TextWriter.Null, interactive: false));
        return (code, results.ToString());
    }
}
