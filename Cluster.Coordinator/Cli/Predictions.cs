using System.Globalization;
using Cluster.Coordinator.Serving;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Cli;

/// <summary>What a model says of one row.</summary>
/// <param name="Text">The class, or the number in the digits that read back as the same one.</param>
/// <param name="Value">The number, or the class's index.</param>
/// <param name="Scores">One a class, the numbers of a vector, or those beside a cluster; holds until the next row.</param>
internal readonly record struct Prediction(string Text, double Value, ArraySegment<double> Scores);

/// <summary>What a model says of each row, in their order.</summary>
/// <remarks>Cost  the scores of <see cref="RowsAtOnce"/> rows in memory</remarks>
internal sealed class Predictions(string source, SavedModel saved, ILearner learner, RowRange rows)
{
    /// <summary>Rows predicted at a time.</summary>
    public const int RowsAtOnce = 4096;

    /// <summary>What is said of a row.</summary>
    public RowForm Form { get; } = new(saved, learner);

    /// <summary>How many rows.</summary>
    public int Count => rows.Count;

    /// <summary>Predicts them.</summary>
    public IEnumerable<Prediction> All()
    {
        IContributor contributor = learner.CreateContributor();
        int width = Form.Width;
        double[] predictions = new double[RowsAtOnce], scores = new double[RowsAtOnce * width];
        for (int first = 0; first < rows.Count; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, rows.Count - first);
            contributor.Predict(saved.Model.State, rows with { Order = rows.Order.Slice(first, count) },
                predictions.AsSpan(0, count), scores.AsSpan(0, count * width));
            FiniteResults.RequirePredictions(source, first, predictions.AsSpan(0, count), scores.AsSpan(0, count * width));
            for (int row = 0; row < count; row++)
                yield return new Prediction(Form.TextOf(predictions[row]), predictions[row], new ArraySegment<double>(scores, row * width, width));
        }
    }

    /// <summary>The digits that read back as the same number.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
