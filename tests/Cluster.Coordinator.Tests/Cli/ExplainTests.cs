using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>What the verbs tell of the job file's keys.</summary>
public sealed class ExplainTests
{
    [Fact]
    public async Task A_key_is_told_with_what_it_takes_and_its_default()
    {
        (int code, string said) = await RunAsync("explain", "training.optimizer.adam.rate");

        code.ShouldBe(ExitCode.Success);
        said.ShouldContain("Learning rate.");
        said.ShouldContain("takes    a number above 0");
        said.ShouldContain("default  0.001");
    }

    [Fact]
    public async Task The_end_of_a_path_finds_every_key_that_ends_so()
    {
        string said = (await RunAsync("explain", "window")).Said;

        said.ShouldContain("training.compression.window");
        said.ShouldContain("model.window (word2vec)");
        said.ShouldContain("model.window (language-model)");
    }

    [Fact]
    public async Task An_unknown_key_is_refused_with_the_nearest_one()
    {
        (int code, string said) = await RunAsync("explain", "training.bach");

        code.ShouldBe(ExitCode.Usage);
        said.ShouldContain("wanted a key of the job file, got 'training.bach'; did you mean training.batch.");
    }

    [Fact]
    public async Task Every_key_is_listed_and_told_as_JSON()
    {
        (await RunAsync("explain")).Said.Split('\n').Count(line => line.Length > 0).ShouldBe(JobKeys.All.Count);
        JsonNode.Parse((await RunAsync("explain", "--json")).Said)!["keys"]!.AsArray().Count.ShouldBe(JobKeys.All.Count);
    }

    [Fact]
    public async Task The_schema_and_the_page_are_printed_as_they_are()
    {
        (await RunAsync("schema")).ShouldBe((ExitCode.Success, KeySchema.Write()));
        (await RunAsync("explain", "--page")).ShouldBe((ExitCode.Success, KeyPage.Write()));
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new();
        int code = await CommandLine.RunAsync(arguments, new Terminal(output, output, interactive: false));
        return (code, output.ToString());
    }
}
