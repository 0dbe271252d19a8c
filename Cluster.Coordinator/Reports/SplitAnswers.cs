using Cluster.Coordinator.Cli;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Reports;

/// <summary>What a model says of the rows of a split, beside what they are.</summary>
/// <param name="Name">training, validation or test.</param>
/// <param name="All">How many rows the split has.</param>
/// <param name="Rows">Those that were asked: the first of the split, whose order is random.</param>
/// <param name="Targets">[rows]; empty if there are none.</param>
/// <param name="Predictions">[rows].</param>
/// <param name="Scores">[rows, width], or empty.</param>
internal sealed record SplitAnswers(string Name, int All, RowRange Rows, double[] Targets, double[] Predictions, double[] Scores)
{
    /// <summary>The most rows that a report asks a model about.</summary>
    public const int RowsMax = 20_000;

    /// <summary>How many.</summary>
    public int Count => Predictions.Length;

    /// <summary>Numbers beside a prediction.</summary>
    public int Width => Count == 0 ? 0 : Scores.Length / Count;

    /// <summary>"270 test rows", or how many of them.</summary>
    public string Words => Count < All ? $"the first {Count} of {All} {Name} rows" : $"{Counted.Of(All, $"{Name} row")}";

    /// <summary>Asks a model.</summary>
    public static SplitAnswers Of(string name, RowRange split, SavedModel saved, ILearner learner, int width)
    {
        RowRange rows = split with { Order = split.Order[..Math.Min(split.Count, RowsMax)] };
        double[] predictions = new double[rows.Count], scores = new double[rows.Count * width];
        IContributor contributor = learner.CreateContributor();
        for (int first = 0; first < rows.Count; first += Cli.Predictions.RowsAtOnce)
        {
            int count = Math.Min(Cli.Predictions.RowsAtOnce, rows.Count - first);
            contributor.Predict(
                saved.Model.State, rows with { Order = rows.Order.Slice(first, count) }, predictions.AsSpan(first, count), scores.AsSpan(first * width, count * width));
        }
        double[] targets = rows.Table.Targets.Length == 0 ? [] : [.. rows.Order.ToArray().Select(row => rows.Table.Targets[row])];
        return new SplitAnswers(name, split.Count, rows, targets, predictions, scores);
    }

    /// <summary>The score of one class of every row.</summary>
    public double[] ScoresOf(int column) => [.. Enumerable.Range(0, Count).Select(row => Scores[(row * Width) + column])];
}
