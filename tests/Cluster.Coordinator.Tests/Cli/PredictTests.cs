using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>What `predict` writes, read back.</summary>
public sealed class PredictTests : IDisposable
{
    private const int Rows = 4097;      // one more than are predicted at a time

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-predict-");
    private readonly string _model;

    public PredictTests()
    {
        string table = Write("train.csv", "a,b,target\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i % 10},{i * i % 7},{"xyz"[i % 3]}\n")));
        JobSpec job = JobFile.Parse($"data: {{ source: '{table}' }}\nmodel: {{ kind: softmax }}\ntraining: {{ epochs: 3 }}", "job.yaml", _folder.FullName);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        _model = Path.Combine(_folder.FullName, "model.cluster");
        ModelFile.Write(_model, new SavedModel(job, data.Shape, data.Preprocessing, SequentialTrainer.Train(job, data)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Each_row_of_a_long_table_gets_its_own_scores()
    {
        string[] rows = [.. Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 97 / 9.0},{i % 89 / 8.0}"))];
        string table = Write("new.csv", $"a,b\n{string.Join('\n', rows)}\n");

        string[] lines = Lines((await RunAsync("--data", table)).Out);

        lines[0].ShouldBe("prediction,probability_x,probability_y,probability_z");
        lines.Length.ShouldBe(1 + Rows);
        foreach (int row in new[] { 0, 1, 100, 4095, 4096 })
            Lines((await RunAsync("--data", Write("one.csv", $"a,b\n{rows[row]}\n"))).Out)[1].ShouldBe(lines[1 + row]);
        foreach (string[] cells in lines.Skip(1).Select(line => line.Split(',')))
            Enumerable.Range(0, 3).MaxBy(i => double.Parse(cells[1 + i], CultureInfo.InvariantCulture)).ShouldBe("xyz".IndexOf(cells[0][0], StringComparison.Ordinal));
        lines.Skip(1).Distinct().Count().ShouldBeGreaterThan(4000);
    }

    [Fact]
    public async Task Kept_columns_stand_before_what_is_predicted_for_their_row()
    {
        string table = Write("new.csv", "target,id,b,a,note\n?,\"7,1\",2,1,n\n,007,1,9,\"a \"\"b\"\"\"\nnew,x,3,4,\n");

        string[] plain = Lines((await RunAsync("--data", table)).Out), kept = Lines((await RunAsync("--data", table, "--keep", "id", "--keep", "note")).Out);

        kept.ShouldBe([$"id,note,{plain[0]}", $"\"7,1\",n,{plain[1]}", $"007,\"a \"\"b\"\"\",{plain[2]}", $"x,,{plain[3]}"]);
        (await RunAsync("--data", table, "--keep", "idd")).ShouldBe((ExitCode.BadInput, ""), "an unknown column");
    }

    [Fact]
    public async Task Json_is_one_object_with_the_predictions_or_where_they_are()
    {
        string table = Write("new.csv", "id,a,b\np,1,2\nq,9,1\n"), output = Path.Combine(_folder.FullName, "out.csv");

        JsonObject rows = JsonOf(await RunAsync("--data", table, "--keep", "id", "--json")), file = JsonOf(await RunAsync("--data", table, "--keep", "id", "--json", "--out", output));

        string[] lines = Lines(await File.ReadAllTextAsync(output));
        JsonArray predictions = rows["predictions"]!.AsArray();
        for (int row = 0; row < 2; row++)
        {
            JsonObject one = predictions[row]!.AsObject();
            lines[1 + row].ShouldBe(string.Join(',', [
                one["kept"]!["id"]!.GetValue<string>(), one["prediction"]!.GetValue<string>(),
                .. "xyz".Select(name => Predictions.Exact(one["probabilities"]![$"{name}"]!.GetValue<double>()))]));
        }
        (rows["rows"]!.GetValue<int>(), file["rows"]!.GetValue<int>(), file["out"]!.GetValue<string>()).ShouldBe((2, 2, output));
        rows["counts"]!.ToJsonString().ShouldBe(file["counts"]!.ToJsonString());
        file.ContainsKey("predictions").ShouldBeFalse();
    }

    [Theory]
    [InlineData("new.csv")]
    [InlineData("link.csv")]
    [InlineData("folder/new.csv")]
    [InlineData("model.cluster")]
    [InlineData("")]                              // a folder
    public async Task What_is_read_is_not_overwritten(string output)
    {
        string table = Write("new.csv", "a,b\n1,2\n");
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "link.csv"), table);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "folder"), _folder.FullName);
        byte[] before = await File.ReadAllBytesAsync(_model);

        (await RunAsync("--data", table, "--out", Path.Combine(_folder.FullName, output))).Code.ShouldBe(ExitCode.BadInput);

        (await File.ReadAllTextAsync(table)).ShouldBe("a,b\n1,2\n");
        (await File.ReadAllBytesAsync(_model)).ShouldBe(before);
    }

    private async Task<(int Code, string Out)> RunAsync(params string[] arguments)
    {
        using StringWriter results = new(CultureInfo.InvariantCulture);
        int code = await CommandLine.RunAsync(["predict", _model, .. arguments], new Terminal(results, TextWriter.Null, interactive: false));
        return (code, results.ToString());
    }

    private static JsonObject JsonOf((int Code, string Out) run) => JsonNode.Parse(Lines(run.Out)[^1])!.AsObject();

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
