using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>The flags of `crossval` that say how rows are dealt, from the command to its result.</summary>
public sealed class CrossvalCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-crossval-");

    public CrossvalCommandTests()
    {
        IEnumerable<string> rows = Enumerable.Range(0, 60).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"site {i % 7},{i % 5},{i * 7 % 11},{((i % 5) + (i % 3) > 3 ? "red" : "blue")}"));
        File.WriteAllLines(At("rows.csv"), rows.Prepend("site,a,b,target"));
        File.WriteAllText(At("job.yaml"), "data: { source: rows.csv, ignore: [site] }\nmodel: { kind: softmax }\ntraining: { epochs: 2 }\n");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(3, "--folds", "3", "--group", "site")]
    [InlineData(4, "--folds", "4", "--time-ordered")]
    [InlineData(6, "--folds", "3", "--repeats", "2")]
    public async Task Any_number_of_workers_gives_the_same_folds(int folds, params string[] flags)
    {
        JsonArray one = await FoldsAsync([.. flags, "--workers", "1"]), three = await FoldsAsync([.. flags, "--workers", "3"]);

        one.Count.ShouldBe(folds);
        one.Select(fold => (string?)fold!["model_sha256"]).Distinct().Count().ShouldBe(folds);
        three.ToJsonString().ShouldBe(one.ToJsonString());
    }

    [Fact]
    public async Task The_result_says_how_rows_were_dealt()
    {
        (int code, string said, string messages) = await RunAsync("--folds", "3", "--repeats", "2", "--group", "site", "--out", At("out"));

        code.ShouldBe(ExitCode.Success, messages);
        said.ShouldContain("fold 1.1");
        said.ShouldContain("fold 2.3");
        JsonNode result = JsonNode.Parse(await File.ReadAllTextAsync(At("out", "crossval.json")))!;
        ((int?)result["repeats"], (string?)result["group"], result["time_ordered"]).ShouldBe((2, "site", null));
    }

    [Theory]
    [InlineData("leave --time-ordered or --group out", "--group", "site", "--time-ordered")]
    [InlineData("did you mean 'site'", "--group", "sit")]
    [InlineData("at least 8 groups in column 'site' for 8 folds, got 7; ask for fewer folds", "--group", "site", "--folds", "8")]
    public async Task What_cannot_be_is_refused_as_bad_input(string says, params string[] flags)
    {
        (int code, _, string messages) = await RunAsync([.. flags, "--workers", "1"]);

        code.ShouldBe(ExitCode.BadInput, messages);
        messages.ShouldContain(says);
    }

    private string At(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    private async Task<JsonArray> FoldsAsync(params string[] flags)
    {
        (int code, string said, string messages) = await RunAsync([.. flags, "--json"]);
        code.ShouldBe(ExitCode.Success, messages);
        return JsonNode.Parse(said.TrimEnd().Split('\n')[^1])!["folds"]!.AsArray();
    }

    private async Task<(int Code, string Said, string Messages)> RunAsync(params string[] flags)
    {
        StringWriter results = new(), messages = new();
        int code = await CommandLine.RunAsync(["crossval", At("job.yaml"), .. flags], new Terminal(results, messages, interactive: false));
        return (code, results.ToString(), messages.ToString());
    }
}
