using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Trees;

/// <summary>What scikit-learn gives on the same rows (tests/golden/trees.py).</summary>
internal static class TreeGolden
{
    private static readonly Lazy<JsonElement> s_golden = new(() => JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Golden("trees.json"))).RootElement);

    public static JsonElement Trees => s_golden.Value.GetProperty("trees");

    public static JsonElement Scores => s_golden.Value.GetProperty("scores");

    /// <summary>A file of the repository, or beside it; null if it is in neither.</summary>
    public static string? SourceOf(string name) => name == "wine" ? SharedData.Find("data", "tabular", "wine.csv") : RepositoryFiles.Example($"{name}.csv");

    /// <summary>Settings of a job that learns from all rows.</summary>
    public static string[] Settings(string text) => ["data.target=target", .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>What scikit-learn reaches on held-out rows.</summary>
    public static double ScoreOf(string name, string kind, string settings) => Scores.EnumerateArray().Single(score => score.GetProperty("data").GetString() == name
        && score.GetProperty("kind").GetString() == kind && score.GetProperty("settings").GetString() == settings).GetProperty("score").GetDouble();

    /// <summary>The accuracy, or r2, on held-out rows: the mean over four parts, by row number modulo 4.</summary>
    public static double HeldOutScore(string source, string kind, string settings) =>
        Enumerable.Range(0, 4).Average(part => HeldOutScore(source, kind, settings, part));

    private static double HeldOutScore(string source, string kind, string settings, int part)
    {
        using TemporaryFolder folder = new();
        string[] lines = File.ReadAllLines(source);
        string learned = folder.Write("learned.csv", Text(lines.Where((_, i) => i == 0 || (i - 1) % 4 != part)));
        string held = folder.Write("held.csv", Text(lines.Where((_, i) => i == 0 || (i - 1) % 4 == part)));
        JobSpec job = DataJobs.Of(learned, kind, Settings(settings));
        PreparedData data = PreparedData.Load(job, NumberKind.Float64);
        ILearner learner = Learners.Create(job, data.Shape);
        TrainedModel model = SequentialTrainer.Train(job, data, learner);
        RowRange rows = PreparedData.LoadForEvaluation(held, data.Preprocessing, [], NumberKind.Float64);
        Metrics metrics = EvaluationPlan.Measure(learner, learner.CreateContributor(), model.State, rows, 8);
        return (metrics["accuracy"] ?? metrics["r2"])!.Value;
    }

    private static string Text(IEnumerable<string> lines) => string.Join('\n', lines) + "\n";
}
