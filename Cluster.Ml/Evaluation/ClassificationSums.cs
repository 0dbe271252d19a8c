namespace Cluster.Ml.Evaluation;

/// <summary>Sums that the quality of a classifier is computed from; they add up over parts of a split.</summary>
/// <param name="Classes">How many classes, C ≥ 2.</param>
/// <remarks>
/// Shapes    [rows, Σ log-loss, confusion [C, C] actual-major]; above <see cref="ConfusionClassesMax"/> classes [rows, Σ log-loss, right]
/// Equation  accuracy = right / rows;  log-loss = −(1/rows) Σ ln p(actual class)
/// Units     log-loss in nats
/// </remarks>
public readonly record struct ClassificationSums(int Classes)
{
    /// <summary>The most classes that a confusion matrix is kept for.</summary>
    public const int ConfusionClassesMax = 256;

    private const int Rows = 0, LogLoss = 1, Counts = 2;

    /// <summary>How many numbers.</summary>
    public int Length => Counts + (HasConfusion ? Classes * Classes : 1);

    private bool HasConfusion => Classes <= ConfusionClassesMax;

    /// <summary>Adds one row.</summary>
    /// <param name="sums">[Length], added to.</param>
    /// <param name="actual">The true class.</param>
    /// <param name="predicted">The class that the model says.</param>
    /// <param name="logLoss">−ln of the probability that the model gives the true class.</param>
    public void Add(Span<double> sums, int actual, int predicted, double logLoss)
    {
        sums[Rows]++;
        sums[LogLoss] += logLoss;
        if (HasConfusion) sums[Counts + (actual * Classes) + predicted]++;
        else if (actual == predicted) sums[Counts]++;
    }

    /// <summary>The figures accuracy and log-loss, and the confusion matrix; none if there are no rows.</summary>
    public Metrics Measure(ReadOnlySpan<double> sums)
    {
        if (sums[Rows] == 0) return Metrics.None;
        double right = 0;
        long[,]? confusion = HasConfusion ? new long[Classes, Classes] : null;
        if (confusion is null) right = sums[Counts];
        else
            for (int actual = 0; actual < Classes; actual++)
                for (int predicted = 0; predicted < Classes; predicted++)
                {
                    double count = sums[Counts + (actual * Classes) + predicted];
                    confusion[actual, predicted] = (long)count;
                    if (actual == predicted) right += count;
                }
        return new Metrics([new("accuracy", right / sums[Rows]), new("log-loss", sums[LogLoss] / sums[Rows])], confusion);
    }
}
