using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Bayes;

/// <summary>Columns that count events, such as the words of a text.</summary>
/// <remarks>
/// Equation  ln p(x | c) = Σ_f x_f·ln θ_cf up to a constant of the row,  θ_cf = (S_cf + α) / (Σ_f S_cf + α·d),  S_cf = Σ of x_f over the rows of class c
/// Shapes    sums [S [C, d], least number seen, its column]; parameters [S [C, d]]; weights [ln θ [C, d]]
/// Range     numbers of training rows are 0 or more
/// Cost      fit O(n·d), predict O(C·d) a row
/// Source    Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), § 13.2; α as in scikit-learn's MultinomialNB
/// </remarks>
internal sealed class MultinomialFeatures(int classes, int features, double smoothing) : FeatureDistribution(classes, features, smoothing)
{
    public override int SumsLength => Matrix + 2;

    public override int ParametersLength => Matrix;

    public override int WeightsLength => Matrix;

    public override string Description => "a probability a class and column, of counts";

    private int Matrix => Classes * Features;

    public override void Sum(in MicroBatch leaf, Span<double> counts, Span<double> sums, Span<double> scratch)
    {
        ShardNumbers rows = leaf.Shard.Rows;
        foreach (int position in leaf.Positions.Span)
        {
            int label = (int)leaf.Shard.Table.Targets[rows[position]];
            ReadOnlySpan<double> x = leaf.Shard.Table.DoublesOf(rows[position]);
            counts[label]++;
            DoubleVectors.AddScaled(1, x, RowOf(sums[..Matrix], label));
            for (int f = 0; f < x.Length; f++) KeepLeast(sums, x[f], f);
        }
    }

    public override void Combine(ReadOnlySpan<double> counts, Span<double> sums, ReadOnlySpan<double> otherCounts, ReadOnlySpan<double> otherSums)
    {
        DoubleVectors.AddScaled(1, otherSums[..Matrix], sums[..Matrix]);
        KeepLeast(sums, otherSums[Matrix], otherSums[Matrix + 1]);
    }

    public override void Estimate(ReadOnlySpan<double> counts, ReadOnlySpan<double> sums, Span<double> parameters, IReadOnlyList<string> featureNames, long step)
    {
        double least = sums[Matrix];
        if (least < 0)
            throw new DivergedException(
                step, "naive Bayes", "counts of 0 or more with distribution: multinomial",
                string.Create(CultureInfo.InvariantCulture, $"{least} in column '{featureNames[(int)sums[Matrix + 1]]}'"),
                "write distribution: gaussian, or data.scale: none or minmax");
        sums[..Matrix].CopyTo(parameters);
    }

    public override void Prepare(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, Span<double> bias, Span<double> weights)
    {
        double rows = Total(counts);
        for (int c = 0; c < Classes; c++)
        {
            bias[c] = StableMath.Log(counts[c] / rows);
            Span<double> logs = RowOf(weights, c);
            Probabilities(RowOf(parameters, c), logs);
            StableMath.Log(logs, logs);
        }
    }

    public override void Score(ReadOnlySpan<double> x, ReadOnlySpan<double> bias, ReadOnlySpan<double> weights, Span<double> scratch, Span<double> scores) =>
        ScoreLinearly(x, bias, weights, scores);

    public override string WriteScores(OnnxGraph graph, string rows, ReadOnlySpan<double> weights) => WriteLinearScores(graph, rows, weights);

    public override IEnumerable<LearnedNumbers> Learned(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, Scaler scaler)
    {
        var probabilities = new double[Matrix];
        for (int c = 0; c < Classes; c++) Probabilities(RowOf(parameters, c), RowOf(probabilities.AsSpan(), c));
        return [LearnedNumbers.Matrix("probabilities", Features, probabilities)];
    }

    public override double Shown(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, int label, int feature) =>
        ShareOf(parameters[(label * Features) + feature], Total(RowOf(parameters, label)));

    private void Probabilities(ReadOnlySpan<double> sums, Span<double> probabilities)
    {
        double total = Total(sums);
        for (int f = 0; f < sums.Length; f++) probabilities[f] = ShareOf(sums[f], total);
    }

    private double ShareOf(double sum, double total) => (sum + Smoothing) / (total + (Smoothing * Features));

    // Of equal numbers the first column's.
    private void KeepLeast(Span<double> sums, double number, double column)
    {
        if (number < sums[Matrix] || (number == sums[Matrix] && number < 0 && column < sums[Matrix + 1])) (sums[Matrix], sums[Matrix + 1]) = (number, column);
    }
}
