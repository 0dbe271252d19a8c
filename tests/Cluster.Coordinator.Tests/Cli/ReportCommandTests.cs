using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>What `report` writes of runs of several kinds.</summary>
public sealed class ReportCommandTests : IDisposable
{
    private const string Hostile = "<script>alert(1)</script>";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-report-");

    private string Table => Path.Combine(_folder.FullName, "train.csv");

    private string RunFolder => Path.Combine(_folder.FullName, "run");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_classifier_has_its_confusion_curves_calibration_diagnosis_and_command()
    {
        Train("model: { kind: softmax }");

        (int code, string said, string page) = await ReportAsync();

        code.ShouldBe(ExitCode.Success, said);
        foreach (string wanted in new[] { "Confusion matrix", "receiver operating characteristic", "precision and recall", "Expected calibration error", "Diagnosis", "What helps", "cluster train ", "model_sha256 is then abc" })
            page.ShouldContain(wanted);
        page.Split("<svg ").Length.ShouldBeGreaterThan(3);
        string[] names = [.. System.Text.RegularExpressions.Regex.Matches(page, " id=\"[^\"]*\"").Select(name => name.Value)];
        names.ShouldBeUnique();         // else an image is cut to the size of another
    }

    [Fact]
    public async Task What_files_say_is_shown_and_never_obeyed_and_nothing_is_fetched()
    {
        Train("model: { kind: softmax }");

        string page = (await ReportAsync()).Page;

        page.ShouldNotContain("<script");
        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        page.ShouldContain("default-src 'none'");
        foreach (string outside in new[] { "src=\"http", "href=", "url(http", "url(//", "@import" }) page.ShouldNotContain(outside);
    }

    [Fact]
    public async Task The_same_run_gives_the_same_bytes()
    {
        Train("model: { kind: tree }");

        (await ReportAsync()).Page.ShouldBe((await ReportAsync()).Page);
    }

    [Theory]
    [InlineData("model: { kind: tree }", "the first levels of the tree")]
    [InlineData("model: { kind: ridge }", "predicted beside actual", "c")]
    [InlineData("model: { kind: kmeans, clusters: 3 }", "mean silhouette", "")]
    [InlineData("model: { kind: gaussian-mixture, components: 2 }", "second principal component", "")]
    [InlineData("model: { kind: pca, components: 2 }", "vectors of rows", "")]
    [InlineData("model: { kind: svm }", "a ranking and no probabilities")]
    public async Task Each_kind_has_its_own_chart(string model, string wanted, string target = "target")
    {
        Train(model, target);

        (int code, string said, string page) = await ReportAsync();

        code.ShouldBe(ExitCode.Success, said);
        page.ShouldContain(wanted);
        page.ShouldNotContain("NaN", Case.Sensitive);
    }

    [Fact]
    public async Task Without_its_data_a_run_is_reported_with_what_there_is_and_changed_data_are_noticed()
    {
        Train("model: { kind: softmax }");
        string[] lines = await File.ReadAllLinesAsync(Table);
        await File.WriteAllLinesAsync(Table, lines.Select((line, i) => i == 0 ? line : line.Replace(",x", ",q", StringComparison.Ordinal).Replace(",y", ",x", StringComparison.Ordinal).Replace(",q", ",y", StringComparison.Ordinal)));
        (await ReportAsync()).Page.ShouldContain("The data have changed since training");

        File.Delete(Table);
        (int code, string said, string page) = await ReportAsync();

        code.ShouldBe(ExitCode.Success, said);
        said.ShouldContain("train.csv: wanted");
        page.ShouldContain("Without the data there are no charts");
        page.ShouldContain("Figures");
        page.ShouldNotContain("Confusion matrix");
    }

    [Fact]
    public async Task The_page_is_written_where_out_says_and_never_over_the_model()
    {
        Train("model: { kind: softmax }");
        string other = Path.Combine(_folder.FullName, "page.html");

        (int code, string said) = await RunAsync("report", RunFolder, "--out", other, "--json");
        (int refused, string why) = await RunAsync("report", RunFolder, "--out", Path.Combine(RunFolder, "model.cluster"));

        code.ShouldBe(ExitCode.Success, said);
        File.Exists(other).ShouldBeTrue();
        File.Exists(Path.Combine(RunFolder, "report.html")).ShouldBeFalse();
        JsonObject json = JsonNode.Parse(said.Trim())!.AsObject();
        json["page"]!.GetValue<string>().ShouldBe(other);
        json["diagnosis"]!["held_out"]!.GetValue<string>().ShouldBe("test");
        refused.ShouldBe(ExitCode.BadInput);
        why.ShouldContain("which is read; name another with --out");
    }

    [Fact]
    public async Task A_result_that_was_cut_off_is_named()
    {
        Train("model: { kind: softmax }");
        await File.WriteAllTextAsync(Path.Combine(RunFolder, "result.json"), "{\"job\": ");

        (int code, string said) = await RunAsync("report", RunFolder);

        code.ShouldBe(ExitCode.BadInput);
        said.ShouldContain("result.json: wanted what training printed with --json, got something else");
    }

    [Theory]
    [InlineData("{\"status\": 7}")]
    [InlineData("{\"metrics\": [ 1 ]}")]
    [InlineData("{\"metrics\": {\"test\": \"none\"}}")]
    [InlineData("{\"metrics\": {\"train\": {\"accuracy\": 1}, \"test\": {\"accuracy\": \"good\"}}}")]
    [InlineData("{\"epochs\": 1.5}")]
    [InlineData("{\"privacy\": {\"epsilon\": \"small\"}}")]
    [InlineData("{\"diagnosis\": {\"reasons\": \"none\"}}")]
    [InlineData("{\"job\": \"a\", \"job\": \"b\"}")]
    public async Task A_result_that_training_would_not_write_is_named(string result)
    {
        Train("model: { kind: softmax }");
        await File.WriteAllTextAsync(Path.Combine(RunFolder, "result.json"), result);

        (int code, string said) = await RunAsync("report", RunFolder);

        code.ShouldBe(ExitCode.BadInput, said);
        said.ShouldContain("result.json: wanted what training printed with --json, got something else");
    }

    [Fact]
    public async Task Norms_of_gradients_that_were_cut_off_are_named()
    {
        Train("model: { kind: softmax }");
        await File.WriteAllTextAsync(Path.Combine(RunFolder, "gradient-norms.csv"), "epoch,step,layer,norm,rms norm\n1,5\n");

        (int code, string said) = await RunAsync("report", RunFolder);

        code.ShouldBe(ExitCode.BadInput, said);
        said.ShouldContain("gradient-norms.csv:2: wanted a number in field 4");
    }

    private void Train(string model, string target = "target")
    {
        string[] classes = ["x", "y", Hostile];
        File.WriteAllText(Table, "a,b,c,target\n" + string.Concat(Enumerable.Range(0, 90).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{(i % 3 * 2) + (i * 7 % 5 * 0.5)},{i * i % 7},{i % 10},{classes[i % 3]}\n"))));
        string goal = target.Length == 0 ? "ignore: [ target ]" : target == "c" ? "target: c, ignore: [ target ]" : "target: target";
        JobSpec job = JobFile.Parse(
            $"name: case\ndata: {{ source: '{Table}', {goal}, scale: standard, split: {{ train: 0.7, validation: 0, test: 0.3 }} }}\n{model}\ntraining: {{ epochs: 40 }}", "job.yaml", _folder.FullName);
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        TrainedModel trained = SequentialTrainer.Train(job, data);
        ModelFile.Write(Path.Combine(RunFolder, "model.cluster"), new SavedModel(job, data.Shape, data.Preprocessing, trained));
        File.WriteAllText(Path.Combine(RunFolder, "job.yaml"), job.Text);
        File.WriteAllText(Path.Combine(RunFolder, "learning-curve.csv"), "epoch,training loss\n1,2\n2,1.5\n3,\n");
        File.WriteAllText(Path.Combine(RunFolder, "result.json"), new JsonObject
        {
            ["job"] = "case",
            ["status"] = "completed",
            ["model_sha256"] = "abc",
            ["metrics"] = new JsonObject { ["train"] = Figures(trained.Training), ["validation"] = new JsonObject(), ["test"] = Figures(trained.Test) },
        }.ToJsonString());
    }

    private static JsonObject Figures(Metrics metrics) => new(metrics.Values.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)ResultJson.Number(figure.Value))));

    private async Task<(int Code, string Said, string Page)> ReportAsync()
    {
        (int code, string said) = await RunAsync("report", RunFolder);
        string page = Path.Combine(RunFolder, "report.html");
        return (code, said, File.Exists(page) ? await File.ReadAllTextAsync(page) : "");
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        using StringWriter said = new(CultureInfo.InvariantCulture);
        return (await CommandLine.RunAsync(arguments, new Terminal(said, said, interactive: false)), said.ToString());
    }
}
