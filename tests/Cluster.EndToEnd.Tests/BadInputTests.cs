using System.Globalization;
using System.IO.Compression;
using System.Text;
using Cluster.Coordinator.Cli;

namespace Cluster.EndToEnd.Tests;

/// <summary>
/// Broken job files, data files and flags: each ends with its exit code and a message that names the place. The command runs in this process; that a process
/// ends with the same code and shows no more is what the hostile table tests.
/// </summary>
public sealed class BadInputTests : IDisposable
{
    private const string GoodData = "a,b,target\n1,2,x\n2,1,y\n3,4,x\n4,3,y\n5,6,x\n6,5,y\n7,8,x\n8,7,y\n";

    private const string GoodJob = """
        name: broken
        seed: 1
        data:
          source: data.csv
          target: target
          split: { train: 0.5, validation: 0.25, test: 0.25 }
        model:
          kind: mlp
          layers: [ { dense: 4, activation: relu } ]
        training:
          epochs: 2
          batch: 8
          micro-batches: 4
          optimizer: { adam: { rate: 0.01 } }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_job_that_the_others_are_broken_from_is_good() =>
        (await TrainAsync(GoodJob, GoodData)).Code.ShouldBe(ExitCode.Success);

    [Theory]
    [InlineData("name: broken", "nam: broken", "job.yaml:1:1", "name")]
    [InlineData("seed: 1", "seed: minus one", "job.yaml:2:7", "minus one")]
    [InlineData("  source: data.csv", "  sourc: data.csv", "job.yaml:4:3", "source")]
    [InlineData("train: 0.5", "train: 0.9", "job.yaml:6", "1")]
    [InlineData("train: 0.5", "train: -0.5", "job.yaml:6", "-0.5")]
    [InlineData("kind: mlp", "kind: mpl", "job.yaml:8:9", "mlp")]
    [InlineData("dense: 4", "dense: 0", "job.yaml:9", "0")]
    [InlineData("activation: relu", "activation: rleu", "job.yaml:9", "relu")]
    [InlineData("epochs: 2", "epochs: 0", "job.yaml:11:11", "0")]
    [InlineData("epochs: 2", "epochs: two", "job.yaml:11:11", "two")]
    [InlineData("batch: 8", "batch: 0", "job.yaml:12:10", "0")]
    [InlineData("batch: 8", "batch: 9", "job.yaml:12:10", "9")]
    [InlineData("micro-batches: 4", "micro-batches: 3", "job.yaml:13:18", "3")]
    [InlineData("rate: 0.01", "rate: -0.01", "job.yaml:14", "-0.01")]
    [InlineData("rate: 0.01", "rate: .nan", "job.yaml:14", "nan")]
    [InlineData("adam: { rate: 0.01 }", "adamm: { rate: 0.01 }", "job.yaml:14", "adam")]
    [InlineData("  epochs: 2", "  epochs: 2\n  epochs: 3", "job.yaml:12", "epochs")]
    [InlineData("model:", "model: [", "job.yaml:", "")]
    [InlineData("  target: target", "  target: targt", "data.csv:1", "target")]
    public async Task A_broken_job_file_names_line_and_column(string good, string broken, string place, string named)
    {
        (int code, string messages) = await TrainAsync(GoodJob.Replace(good, broken, StringComparison.Ordinal), GoodData);
        code.ShouldBe(ExitCode.BadInput, messages);
        messages.ShouldContain(place);
        messages.ShouldContain(named);
        messages.ShouldContain("wanted");
    }

    [Theory]
    [InlineData("", "data.csv")]
    [InlineData("a,b,target\n", "data.csv")]
    [InlineData("a,b\n1,2\n", "data.csv:1")]
    [InlineData("a,a,target\n1,2,x\n", "data.csv:1")]
    [InlineData("a,b,target\n1,2,x\n1,two,y\n", "data.csv:3:3")]
    [InlineData("a,b,target\n1,,x\n", "data.csv:2:3")]
    [InlineData("a,b,target\n1,NaN,x\n", "data.csv:2:3")]
    [InlineData("a,b,target\n1,1e999,x\n", "data.csv:2:3")]
    [InlineData("a,b,target\n1,2\n", "data.csv:2")]
    [InlineData("a,b,target\n1,2,x,9\n", "data.csv:2")]
    [InlineData("a,b,target\n\"1,2,x\n", "data.csv:2")]
    [InlineData("a,b,target\n1,2,x\n2,1,x\n3,4,x\n4,3,x\n5,6,x\n6,5,x\n7,8,x\n8,7,x\n", "data.csv")]
    public async Task A_broken_data_file_names_line_and_column(string data, string place)
    {
        (int code, string messages) = await TrainAsync(GoodJob, data);
        code.ShouldBe(ExitCode.BadInput, messages);
        messages.ShouldContain(place);
        messages.ShouldContain("wanted");
    }

    [Fact]
    public async Task A_truncated_gzip_is_named()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(GoodData));
        await File.WriteAllBytesAsync(_folder["data.csv.gz"], packed.ToArray()[..(int)(packed.Length / 2)]);
        (int code, string messages) = await TrainAsync(GoodJob.Replace("data.csv", "data.csv.gz", StringComparison.Ordinal), GoodData);
        code.ShouldBe(ExitCode.BadInput, messages);
        messages.ShouldContain("data.csv.gz");
    }

    [Fact]
    public async Task A_mended_job_may_begin_anew_where_the_broken_one_failed()
    {
        (await TrainAsync(GoodJob, "a,b,target\n1,two,x\n")).Code.ShouldBe(ExitCode.BadInput);
        (await TrainAsync(GoodJob.Replace("epochs: 2", "epochs: 3", StringComparison.Ordinal), GoodData)).Code.ShouldBe(ExitCode.Success);
    }

    [Fact]
    public async Task A_missing_data_file_is_named()
    {
        (int code, string messages) = await TrainAsync(GoodJob.Replace("data.csv", "nowhere.csv", StringComparison.Ordinal), GoodData);
        code.ShouldBe(ExitCode.BadInput, messages);
        messages.ShouldContain("nowhere.csv");
    }

    [Theory]
    [InlineData(2, "trian", "job.yaml")]
    [InlineData(2, "train")]
    [InlineData(2, "train", "job.yaml", "--workers", "0")]
    [InlineData(2, "train", "job.yaml", "--workers", "many")]
    [InlineData(2, "train", "job.yaml", "--wrkers", "2")]
    [InlineData(2, "crossval", "job.yaml", "--folds", "1")]
    [InlineData(2, "privacy", "epsilon", "--rate", "2", "--noise", "1", "--steps", "1", "--delta", "1e-5")]
    [InlineData(2, "privacy", "epsilon", "--rate", "0.1", "--noise", "1", "--steps", "1", "--delta", "0")]
    [InlineData(3, "train", "absent.yaml")]
    [InlineData(3, "train", "job.yaml", "--set", "training.epochs")]
    [InlineData(3, "train", "job.yaml", "--set", "training.epoch=3")]
    [InlineData(3, "train", "job.yaml", "--set", "training.epochs=-3")]
    [InlineData(3, "evaluate", "job.yaml", "--data", "data.csv")]
    [InlineData(3, "predict", "absent.model", "--data", "data.csv")]
    public async Task A_broken_command_line_has_its_exit_code(int exitCode, params string[] arguments)
    {
        await File.WriteAllTextAsync(_folder["job.yaml"], GoodJob);
        await File.WriteAllTextAsync(_folder["data.csv"], GoodData);
        string[] placed = [.. arguments.Select(argument => argument.Contains('.', StringComparison.Ordinal) && argument.EndsWith("yaml", StringComparison.Ordinal)
            || argument.EndsWith("csv", StringComparison.Ordinal) || argument.EndsWith("model", StringComparison.Ordinal) ? _folder[argument] : argument)];
        (int code, string messages) = await RunAsync(placed);
        code.ShouldBe(exitCode, messages);
        messages.ShouldNotContain("   at ");      // no stack traces for a user's mistake
        messages.Length.ShouldBeGreaterThan(0);
    }

    private async Task<(int Code, string Messages)> TrainAsync(string job, string data)
    {
        await File.WriteAllTextAsync(_folder["job.yaml"], job);
        await File.WriteAllTextAsync(_folder["data.csv"], data);
        return await RunAsync("train", _folder["job.yaml"], "--workers", "2", "--out", _folder["run"]);
    }

    private static async Task<(int Code, string Messages)> RunAsync(params string[] arguments)
    {
        using StringWriter messages = new(CultureInfo.InvariantCulture);
        int code = await CommandLine.RunAsync(arguments, new Terminal(TextWriter.Null, messages, interactive: false));
        return (code, messages.ToString());
    }
}
