using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>What `export` writes and says.</summary>
public sealed class ExportCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-export-");
    private readonly string _model;

    public ExportCommandTests()
    {
        JobSpec job = JobFile.Parse(TestData.KMeans, "job.yaml", TestData.Directory);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        _model = Path.Combine(_folder.FullName, "model.cluster");
        ModelFile.Write(_model, new SavedModel(job, data.Shape, data.Preprocessing, SequentialTrainer.Train(job, data)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("onnx")]
    [InlineData("npz")]
    [InlineData("safetensors")]
    public async Task Each_format_writes_a_file_and_tells_its_parts(string format)
    {
        (int code, string result, string messages) = await RunAsync(_model, "--format", format, "--json");

        code.ShouldBe(ExitCode.Success, messages);
        JsonObject told = JsonNode.Parse(result)!.AsObject();
        string path = Path.ChangeExtension(_model, format);
        ((string?)told["out"], (long)told["bytes"]!).ShouldBe((path, new FileInfo(path).Length));
        told["parts"]!.AsArray().Select(part => (string)part!["name"]!).ShouldContain(format == "onnx" ? "prediction" : "centroids");
    }

    [Fact]
    public async Task Lines_for_a_person_fit_80_columns()
    {
        (int code, string result, _) = await RunAsync(_model, "--format", "onnx", "--out", Path.Combine(_folder.FullName, "o"));

        code.ShouldBe(ExitCode.Success);
        string[] lines = result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        lines.ShouldContain(line => line.StartsWith("input ", StringComparison.Ordinal) && line.EndsWith("rows x 4", StringComparison.Ordinal));
        lines[..^1].ShouldAllBe(line => line.Length <= 80);
    }

    [Fact]
    public async Task What_cannot_be_written_is_refused()
    {
        (await RunAsync(_model, "--format", "onnx", "--out", _model)).Code.ShouldBe(ExitCode.BadInput, "over the model itself");
        (await RunAsync(_model, "--format", "pickle")).Code.ShouldBe(ExitCode.Usage);
        (await RunAsync(_model)).Code.ShouldBe(ExitCode.Usage);
        (await RunAsync(Path.Combine(_folder.FullName, "none"), "--format", "onnx")).Code.ShouldBe(ExitCode.BadInput);
        _folder.GetFiles().Length.ShouldBe(1);
    }

    private static async Task<(int Code, string Result, string Messages)> RunAsync(params string[] arguments)
    {
        using StringWriter results = new(CultureInfo.InvariantCulture), messages = new(CultureInfo.InvariantCulture);
        int code = await CommandLine.RunAsync(["export", .. arguments], new Terminal(results, messages, interactive: false));
        return (code, results.ToString(), messages.ToString());
    }
}
