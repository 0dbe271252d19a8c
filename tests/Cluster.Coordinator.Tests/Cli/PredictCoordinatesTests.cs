using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>What `predict` and `inspect` write of a model that says a vector of each row.</summary>
public sealed class PredictCoordinatesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-coordinates-");
    private readonly string _model, _table;

    public PredictCoordinatesTests()
    {
        _table = Path.Combine(_folder.FullName, "rows.csv");
        File.WriteAllText(_table, "id,a,b\np,0,0\nq,3,4\nr,6,8\ns,9,12\n");
        JobSpec job = JobFile.Parse(
            $"data: {{ source: '{_table}', ignore: [ id ], split: {{ train: 1 }} }}\nmodel: {{ kind: pca, components: 1 }}", "job.yaml", _folder.FullName);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        _model = Path.Combine(_folder.FullName, "model.cluster");
        ModelFile.Write(_model, new SavedModel(job, data.Shape, data.Preprocessing, SequentialTrainer.Train(job, data)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // The rows lie on a line through (4.5, 6) in the direction (3, 4) / 5, at ±7.5 and ±2.5 from it.
    [Fact]
    public async Task Each_row_s_coordinates_are_its_columns()
    {
        string[] lines = (await RunAsync("predict", _model, "--data", _table, "--keep", "id")).ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines[0].ShouldBe("id,component_1");
        lines.Skip(1).Select(line => line.Split(',')[0]).ShouldBe(["p", "q", "r", "s"]);
        double[] wanted = [-7.5, -2.5, 2.5, 7.5];
        for (int row = 0; row < 4; row++) double.Parse(lines[1 + row].Split(',')[1], CultureInfo.InvariantCulture).ShouldBe(wanted[row], 1e-14);
    }

    [Fact]
    public async Task Json_has_the_coordinates_as_an_array_and_inspect_the_directions()
    {
        JsonNode predicted = JsonNode.Parse(await RunAsync("predict", _model, "--data", _table, "--json"))!, inspected = JsonNode.Parse(await RunAsync("inspect", _model, "--json"))!;

        predicted["predictions"]!.AsArray().Count.ShouldBe(4);
        predicted["predictions"]![3]!["prediction"]!.AsArray().Single()!.GetValue<double>().ShouldBe(7.5, 1e-14);
        inspected["components"]![0]!.AsArray().Count.ShouldBe(2);
        inspected["components"]![0]![1]!.GetValue<double>().ShouldBe(0.8, 1e-15);
        inspected["explained_variance"]![0]!.GetValue<double>().ShouldBe(125.0 / 3, 1e-13);
        inspected["explained_variance_ratio"]![0]!.GetValue<double>().ShouldBe(1, 1e-15);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using StringWriter results = new(CultureInfo.InvariantCulture), messages = new(CultureInfo.InvariantCulture);
        (await CommandLine.RunAsync(arguments, new Terminal(results, messages, interactive: false))).ShouldBe(ExitCode.Success, messages.ToString());
        return results.ToString();
    }
}
