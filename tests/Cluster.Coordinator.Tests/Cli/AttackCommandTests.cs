using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>The verb `attack`.</summary>
public sealed class AttackCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-attack-");
    private readonly string _model, _table;

    public AttackCommandTests()
    {
        _table = Path.Combine(_folder.FullName, "rows.csv");
        File.WriteAllText(_table, "a,b,target\n" + string.Concat(Enumerable.Range(0, 150).Select(i => $"{i % 10},{i * i % 7},{(i % 10 > i * i % 7 ? "x" : "y")}\n")));
        JobSpec job = JobFile.Parse($"data: {{ source: '{_table}' }}\nmodel: {{ kind: softmax }}\ntraining: {{ epochs: 30, optimizer: {{ adam: {{ rate: 0.05 }} }} }}", "job.yaml", _folder.FullName);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        _model = Path.Combine(_folder.FullName, "model.cluster");
        ModelFile.Write(_model, new SavedModel(job, data.Shape, data.Preprocessing, SequentialTrainer.Train(job, data)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("fgsm")]
    [InlineData("pgd")]
    [InlineData("autopgd")]
    [InlineData("square")]
    public async Task Json_is_the_same_for_any_number_of_workers(string kind)
    {
        string one = (await RunAsync(kind, "--workers", "1", "--json")).Out, two = (await RunAsync(kind, "--workers", "2", "--json")).Out, four = (await RunAsync(kind, "--workers", "4", "--json")).Out;

        (two, four).ShouldBe((one, one));
        JsonObject figures = JsonNode.Parse(one)!.AsObject();
        foreach (string name in new[] { "clean_accuracy", "attacked_accuracy", "epsilon", "queries" })
            figures[name]!.GetValueKind().ShouldBe(System.Text.Json.JsonValueKind.Number, name);
        figures["norm"]!.GetValue<string>().ShouldBe("linf");
        figures["epsilon"]!.GetValue<double>().ShouldBe(1.5);
        figures["clean_accuracy"]!.GetValue<double>().ShouldBeGreaterThan(figures["attacked_accuracy"]!.GetValue<double>());
    }

    [Theory]
    [InlineData(ExitCode.Usage, "fgsm", "--steps", "3")]                // fgsm has one step
    [InlineData(ExitCode.Usage, "pgd", "--norm", "l7")]
    [InlineData(ExitCode.Usage, "pgd", "--workers", "0")]
    [InlineData(ExitCode.BadInput, "transfer")]                         // no substitute
    [InlineData(ExitCode.BadInput, "fgsm", "--low", "3", "--high", "2")]
    public async Task Wrong_flags_are_refused(int code, params string[] arguments) => (await RunAsync(arguments[0], arguments[1..])).Code.ShouldBe(code);

    [Theory]
    [InlineData("attack", "pgd")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    public async Task Data_that_are_not_there_are_refused_in_the_words_of_the_flag(params string[] verb)
    {
        using StringWriter messages = new(CultureInfo.InvariantCulture);
        string none = Path.Combine(_folder.FullName, "none.csv");

        int code = await CommandLine.RunAsync([.. verb, _model, "--data", none], new Terminal(TextWriter.Null, messages, interactive: false));

        code.ShouldBe(ExitCode.BadInput);
        messages.ToString().Trim().ShouldBe($"{none}: wanted a file or folder that exists, got none of this name; check --data.");
    }

    [Fact]
    public async Task A_person_is_told_the_figures_and_the_threat_model()
    {
        (int code, string text) = await RunAsync("pgd");

        code.ShouldBe(ExitCode.Success, text);

        text.ShouldContain("attacked accuracy");
        text.ShouldContain("White box");
    }

    private async Task<(int Code, string Out)> RunAsync(string kind, params string[] arguments)
    {
        using StringWriter results = new(CultureInfo.InvariantCulture);
        int code = await CommandLine.RunAsync(["attack", kind, _model, "--data", _table, "--epsilon", "1.5", .. arguments], new Terminal(results, TextWriter.Null, interactive: false));
        return (code, results.ToString());
    }
}
