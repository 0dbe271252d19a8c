using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Evaluation;

/// <summary>Refuses results that are no finite numbers: a model overflowed on a row, whose prediction says nothing.</summary>
public static class FiniteResults
{
    private const string Advice = "the row's numbers are too large for this model; correct the row, or leave it out";

    /// <summary>Refuses predictions of which one is not finite, or has a probability that is not.</summary>
    /// <param name="source">Where the rows were read.</param>
    /// <param name="firstRow">Which row of the source the first prediction is of, from 0.</param>
    /// <param name="predictions">[rows].</param>
    /// <param name="scores">[rows, classes], or empty.</param>
    /// <exception cref="BadInputException">One is not; its place is the row's.</exception>
    public static void RequirePredictions(string source, int firstRow, ReadOnlySpan<double> predictions, ReadOnlySpan<double> scores)
    {
        int classes = predictions.IsEmpty ? 0 : scores.Length / predictions.Length;
        for (int row = 0; row < predictions.Length; row++)
        {
            double worst = FirstNotFinite(predictions[row], scores.Slice(row * classes, classes));
            if (!double.IsFinite(worst)) throw Error(source, firstRow + row, $"a prediction of {Text(worst)}");
        }
    }

    /// <summary>Refuses figures of which one is not finite, unless it is undefined.</summary>
    /// <param name="source">Where the rows were read.</param>
    /// <param name="metrics">What they came to.</param>
    /// <param name="learner">The model's learner.</param>
    /// <param name="state">The model's state.</param>
    /// <param name="rows">All rows that were measured, in file order.</param>
    /// <exception cref="BadInputException">One is not; its place is the first row that is measured so.</exception>
    public static void RequireFigures(string source, Metrics metrics, ILearner learner, NumericBuffer state, RowRange rows)
    {
        if (metrics.AreFinite) return;
        (string name, double value) = metrics.Values.First(figure => !double.IsFinite(figure.Value));
        IContributor contributor = learner.CreateContributor();
        var sums = new double[learner.EvaluationLength];
        for (int row = 0; row < rows.Count; row++)
        {
            Array.Clear(sums);
            contributor.Evaluate(state, rows with { Order = rows.Order.Slice(row, 1) }, sums);
            if (sums.Any(sum => !double.IsFinite(sum))) throw Error(source, rows.Order.Span[row], $"{name} of {Text(value)}");
        }
        throw new BadInputException(source, null, null, "finite figures", $"{name} of {Text(value)}", "the rows' numbers are too large for this model; change their unit");
    }

    private static double FirstNotFinite(double prediction, ReadOnlySpan<double> scores)
    {
        if (!double.IsFinite(prediction)) return prediction;
        foreach (double score in scores)
            if (!double.IsFinite(score)) return score;
        return prediction;
    }

    private static BadInputException Error(string source, int row, string got)
    {
        int? line = CsvPlaces.LineOf(source, row);
        return new BadInputException(source, line, null, "finite results", line is null ? string.Create(CultureInfo.InvariantCulture, $"{got} for row {row + 1}") : got, Advice);
    }

    private static string Text(double value) => double.IsNaN(value) ? "no number" : value > 0 ? "infinity" : "minus infinity";
}
