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
    public void Every_command_on_a_model_is_asked() => Questions.Select(question => question.Split(' ')[0]).Distinct().Order()
        .ShouldBe(["evaluate", "generate", "inspect", "predict", "report"]);

    private string[] ArgumentsOf(string question) =>
    [
        .. ArgumentPattern().Matches(question).Select(match => match.Value.Trim('"')).Select(argument => argument switch
        {
            "FILE" => WithIds(Repository.Data("digits.csv")),
            "predictions.csv" => _folder["predictions.csv"],
            _ when argument.StartsWith("runs/", StringComparison.Ordinal) => _folder[argument["runs/".Length..].Replace("/latest", "", StringComparison.Ordinal)],
            _ when argument.StartsWith("deploy/", StringComparison.Ordinal) => Path.Combine(Repository.Root, argument),
            _ => argument,
        }),
    ];

    /// <summary>A table like another, but for the column by which its reader knows the rows.</summary>
    private string WithIds(string table)
    {
        string file = _folder["named.csv"];
        File.WriteAllLines(file, File.ReadLines(table).Select((line, row) => row == 0 ? $"id,{line}" : $"row-{row},{line}"));
        return file;
    }

    private static string JobOf(string question) => RunPattern().Match(question).Groups[1].Value;

    [GeneratedRegex("`((?:inspect|report|evaluate|generate|predict) runs/[^`]+)`")]
    private static partial Regex QuestionPattern();

    [GeneratedRegex("runs/([a-z0-9-]+)")]
    private static partial Regex RunPattern();

    [GeneratedRegex("""
        "[^"]*"|\S+
        """)]
    private static partial Regex ArgumentPattern();
}
