using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Bench;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>What verbs write and say of a result, beside the model itself.</summary>
public sealed class HandOverTests : IDisposable
{
    private static readonly string s_jobs = Path.Combine(TestData.Directory, "..");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-results-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Images_are_announced_and_made_again_as_many_as_asked()
    {
        string trained = await RunAsync("train", Path.Combine(s_jobs, "digits-gan.yaml"), "--set", "training.epochs=1", "--workers", "2", "--out", At("run"));
        trained.ShouldContain($"images   {At("run", "samples.png")}");
        string model = At("run", "model.cluster");

        await RunAsync("generate", model, "--out", At("a.png"), "--count", "13", "--seed", "5");
        await RunAsync("generate", model, "--out", At("again.png"), "--count", "13", "--seed", "5");
        await RunAsync("generate", model, "--out", At("b.png"), "--count", "13", "--seed", "6");

        SizeOf(At("a.png")).ShouldBe((89, 17));      // ten and three digits of 8 × 8, a pixel between
        File.ReadAllBytes(At("again.png")).ShouldBe(File.ReadAllBytes(At("a.png")));
        File.ReadAllBytes(At("b.png")).ShouldNotBe(File.ReadAllBytes(At("a.png")));
    }

    [Fact]
    public async Task Both_hashes_are_told_and_the_exchange_only_where_more_is_wanted_and_in_words()
    {
        string[] train = ["train", Path.Combine(s_jobs, "digits-softmax.yaml"), "--set", "training.epochs=1", "--workers", "2", "--out", At("run")];
        string said = await RunAsync(train), more = await RunAsync([.. train, "--verbose"]);
        string file = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(At("run", "model.cluster"))));

        said.ShouldContain($"file_sha256  {file}");
        said.TrimEnd().Split('\n')[^1].ShouldStartWith("model_sha256 ");
        said.ShouldNotContain("exchange");
        more.ShouldContain("MB of model states went to the workers");
        more.ShouldNotContain("bytes_published");
        JsonNode.Parse(File.ReadAllText(At("run", "result.json")))!["file_sha256"]!.GetValue<string>().ShouldBe(file);
    }

    [Fact]
    public async Task The_folds_result_is_written_where_out_says()
    {
        await RunAsync("crossval", Path.Combine(s_jobs, "digits-softmax.yaml"), "--set", "training.epochs=1", "--folds", "3", "--workers", "2", "--out", At("folds"));
        JsonNode.Parse(File.ReadAllText(At("folds", "crossval.json")))!["folds"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_job_without_its_data_is_described_by_what_it_tells_and_with_its_defaults()
    {
        string job = At("job.yaml");
        const string text = """
            data: { source: absent, format: cifar, split: { train: 1, validation: 0, test: 0 } }
            model: { kind: mlp, layers: [ { dense: 7, activation: relu } ] }
            """;
        await File.WriteAllTextAsync(job, text);
        string known = await RunAsync("inspect", job);
        known.ShouldContain("21,511");               // 32·32·3·7 + 7
        known.ShouldContain("is not here");
        known.ShouldContain("micro-batches: ");

        await File.WriteAllTextAsync(job, text.Replace("format: cifar", "format: csv, target: t", StringComparison.Ordinal));
        (await RunAsync("inspect", job)).ShouldContain("does not tell its columns and classes");
    }

    [Theory]
    [InlineData("all", "mnist")]
    [InlineData("all/mnist", "mnist")]
    [InlineData("all/text", "text/kjv.txt")]
    public void A_benchmark_takes_the_data_set_or_the_folder_of_all(string named, string source)
    {
        Directory.CreateDirectory(At("all", "mnist"));
        Directory.CreateDirectory(At("all", "text"));
        File.WriteAllText(At("all", "mnist", "images"), "");
        File.WriteAllText(At("all", "text", "kjv.txt"), "");
        SharedData.Find(At(named, source), At(named)).ShouldBe(Path.GetFullPath(At("all", source)));
        Should.Throw<BadInputException>(() => SharedData.Find(At("all", "text", "absent.txt"), At("all", "text")));
    }

    private string At(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    private static async Task<string> RunAsync(params string[] arguments)
    {
        StringWriter results = new(), messages = new();
        int code = await CommandLine.RunAsync(arguments, new Terminal(results, messages, interactive: false));
        code.ShouldBe(ExitCode.Success, messages.ToString());
        return results.ToString();
    }

    private static (int Width, int Height) SizeOf(string png)
    {
        byte[] bytes = File.ReadAllBytes(png);
        return (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)));
    }
}
