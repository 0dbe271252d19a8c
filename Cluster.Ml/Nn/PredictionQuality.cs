using Cluster.Ml.Evaluation;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn;

/// <summary>How well a network predicts classes or values.</summary>
/// <remarks>
/// Shapes    classes: [count, Σ loss, correct, confusion k × k by actual class]; values: as <see cref="RegressionSums"/>
/// Equation  accuracy = correct / count; log-loss = Σ loss / count; of values, r2 and rmse
/// Units     log-loss in nats, rmse in the target's
/// </remarks>
internal sealed class PredictionQuality(Head head, int classes) : Quality
{
    private const int Count = 0, LossSum = 1, Correct = 2, Confusion = 3;

    public override int Length => classes > 0 ? Confusion + (classes * classes) : RegressionSums.Length;

    public override void Add(Span<double> sums, NetworkPass pass, int row, in Target target)
    {
        ReadOnlySpan<float> outputs = pass.OutputOf(head, row);
        double prediction = head.Loss.Predict(outputs, []);
        if (classes == 0) RegressionSums.Add(sums, target.Value, (prediction - target.Value) * (prediction - target.Value), target.Centre);
        else Add(sums, target.Value, prediction, head.Loss.Row(outputs, target, []));
    }

    public override double Predict(NetworkPass pass, int row, in Target target, Span<double> scores) =>
        head.Loss.Predict(pass.OutputOf(head, row), scores);

    private void Add(Span<double> sums, double target, double prediction, double loss)
    {
        sums[Count]++;
        sums[LossSum] += loss;
        if (prediction == target) sums[Correct]++;
        sums[Confusion + ((int)target * classes) + (int)prediction]++;
    }

    /// <exception cref="ArgumentException">The sums have another length.</exception>
    public override Metrics Measure(ReadOnlySpan<double> sums)
    {
        if (sums.Length != Length) throw new ArgumentException($"NetworkLearner: wanted {Length} evaluation sums, got {sums.Length}.", nameof(sums));
        double count = sums[Count];
        if (count == 0) return Metrics.None;
        return classes == 0 ? RegressionSums.Measure(sums)
            : new Metrics([new("accuracy", sums[Correct] / count), new("log-loss", sums[LossSum] / count)], Table(sums[Confusion..]));
    }

    private long[,] Table(ReadOnlySpan<double> confusion)
    {
        long[,] table = new long[classes, classes];
        for (int actual = 0; actual < classes; actual++)
            for (int predicted = 0; predicted < classes; predicted++)
                table[actual, predicted] = (long)confusion[(actual * classes) + predicted];
        return table;
    }
}
