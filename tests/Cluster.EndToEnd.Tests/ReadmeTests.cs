using System.Text.RegularExpressions;

namespace Cluster.EndToEnd.Tests;

/// <summary>What the README says to ask a trained model is answered by a model of that job.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Jobs => [.. Questions.Select(question => JobOf(question)).Distinct().Order()];

    private static IEnumerable<string> Questions => QuestionPattern().Matches(Readme).Select(match => match.Groups[1].Value);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Jobs))]
    public async Task A_model_answers_what_the_readme_asks_it(string job)
    {
        ClusterProcess.Finished trained = await ClusterProcess.RunAsync(
            "train", Repository.Job(job), "--set", "training.epochs=2", "--out", _folder[job], "--json");
        trained.ExitCode.ShouldBe(0, trained.Messages);

        foreach (string question in Questions.Where(question => JobOf(question) == job))
        {
            ClusterProcess.Finished answered = await ClusterProcess.RunAsync(ArgumentsOf(question));

            answered.ExitCode.ShouldBe(0, $"{question}: {answered.Messages}");
        }
    }

    [Fact]
    public async Task The_job_of_ones_own_trains_on_a_table_with_such_columns()
    {
        string table = await File.ReadAllTextAsync(Repository.Data("iris.csv"));
        await File.WriteAllTextAsync(_folder["flowers.csv"], table.Replace(",target", ",species", StringComparison.Ordinal));
        await File.WriteAllTextAsync(_folder["flowers.yaml"], OwnJobPattern().Match(Readme).Groups[1].Value);

        ClusterProcess.Finished trained = await ClusterProcess.RunAsync("train", _folder["flowers.yaml"], "--out", _folder["flowers"], "--json");

        trained.ExitCode.ShouldBe(0, trained.Messages);
        File.Exists(Path.Combine(_folder["flowers"], "model.cluster")).ShouldBeTrue();
    }

    [Fact]
    public void Every_command_on_a_model_is_asked() => Questions.Select(question => question.Split(' ')[0]).Distinct().Order()
        .ShouldBe(["evaluate", "generate", "inspect", "predict", "report"]);

    private string[] ArgumentsOf(string question) =>
    [
        .. ArgumentPattern().Matches(question).Select(match => match.Value.Trim('"')).Select(argument => argument switch
        {
            "predictions.csv" => _folder["predictions.csv"],
            _ when argument.StartsWith("runs/", StringComparison.Ordinal) => _folder[argument["runs/".Length..].Replace("/latest", "", StringComparison.Ordinal)],
            _ when argument.StartsWith("deploy/", StringComparison.Ordinal) => Path.Combine(Repository.Root, argument),
            _ => argument,
        }),
    ];

    private static string JobOf(string question) => RunPattern().Match(question).Groups[1].Value;

    [GeneratedRegex("`((?:inspect|report|evaluate|generate|predict) runs/[^`]+)`")]
    private static partial Regex QuestionPattern();

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex OwnJobPattern();

    [GeneratedRegex("runs/([a-z0-9-]+)")]
    private static partial Regex RunPattern();

    [GeneratedRegex("""
        "[^"]*"|\S+
        """)]
    private static partial Regex ArgumentPattern();
}
