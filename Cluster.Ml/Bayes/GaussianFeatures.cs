using System.Runtime.Intrinsics;
using Cluster.Ml.Data;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Bayes;

/// <summary>Columns that vary about a mean, each with a variance a class.</summary>
/// <remarks>
/// Equation  ln p(x | c) = −½ Σ_f [ln 2πσ²_cf + (x_f − μ_cf)² / σ²_cf],  σ² = Σ(x − μ)²/n + s·max_f Var(x_f), the maximum over all rows together;
///           two parts merge by δ = μ_b − μ_a:  μ = μ_a + δ·n_b/n,  M = M_a + M_b + δ²·n_a·n_b/n
/// Shapes    sums [first rows [C, d], means as distances from them [C, d], M = Σ(x − μ)² [C, d]]; parameters [means [C, d], variances [C, d]]; weights [means, 1/(2σ²)]
/// Range     a micro-batch is looked at twice, for its means and about them, and means are kept as distances from a row, so that features far from 0 lose
///           no digits of their variances. If no column varies at all, s itself is every variance, and the classes' shares alone decide
/// Cost      fit O(n·d) twice, predict O(C·d) a row
/// Source    Chan, Golub, LeVeque, "Algorithms for Computing the Sample Variance", The American Statistician 37 (1983), eqs. 1.7 and 2.1;
///           s·max Var as in scikit-learn's GaussianNB
/// </remarks>
internal sealed class GaussianFeatures(int classes, int features, double smoothing) : FeatureDistribution(classes, features, smoothing)
{
    private static readonly double s_log2Pi = StableMath.Log(2 * Math.PI);

    public override int SumsLength => 3 * Matrix;

    public override int ParametersLength => 2 * Matrix;

    public override int WeightsLength => 2 * Matrix;

    public override string Description => "a mean and a variance a class and column";

    private int Matrix => Classes * Features;

    public override void Sum(in MicroBatch leaf, Span<double> counts, Span<double> sums, Span<double> scratch)
    {
        Span<double> bases = sums[..Matrix], offsets = sums[Matrix..(2 * Matrix)], spreads = sums[(2 * Matrix)..], residuals = scratch[..Matrix];
        SumOffsets(leaf, counts, bases, offsets);
        residuals.Clear();
        ShardNumbers rows = leaf.Shard.Rows;
        foreach (int position in leaf.Positions.Span)
        {
            int label = (int)leaf.Shard.Table.Targets[rows[position]];
            AddAbout(leaf.Shard.Table.DoublesOf(rows[position]), RowOf(bases, label), RowOf(offsets, label), RowOf(residuals, label), RowOf(spreads, label));
        }
        for (int i = 0; i < Matrix; i++)
            if (counts[i / Features] > 0) spreads[i] = Math.Max(0, spreads[i] - (residuals[i] * residuals[i] / counts[i / Features]));     // what rounding took from the mean
    }

    public override void Combine(ReadOnlySpan<double> counts, Span<double> sums, ReadOnlySpan<double> otherCounts, ReadOnlySpan<double> otherSums)
    {
        for (int i = 0; i < Matrix; i++)
        {
            (double count, double otherCount) = (counts[i / Features], otherCounts[i / Features]);
            if (otherCount == 0) continue;
            Moments other = MomentsAt(otherSums, i, otherCount), merged = count == 0 ? other : MomentsAt(sums, i, count).With(other);
            (sums[i], sums[Matrix + i], sums[(2 * Matrix) + i]) = (merged.Base, merged.Offset, merged.Spread);
        }
    }

    public override void Estimate(ReadOnlySpan<double> counts, ReadOnlySpan<double> sums, Span<double> parameters, IReadOnlyList<string> featureNames, long step)
    {
        double added = Smoothing * LargestVariance(counts, sums);
        if (added == 0) added = Smoothing;
        for (int i = 0; i < Matrix; i++)
        {
            Moments moments = MomentsAt(sums, i, counts[i / Features]);
            (parameters[i], parameters[Matrix + i]) = (moments.Base + moments.Offset, (moments.Spread / moments.Count) + added);
        }
    }

    public override void Prepare(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, Span<double> bias, Span<double> weights)
    {
        double rows = Total(counts);
        parameters[..Matrix].CopyTo(weights);
        ReadOnlySpan<double> variances = parameters[Matrix..];
        Span<double> halves = weights[Matrix..];
        for (int i = 0; i < Matrix; i++) halves[i] = 0.5 / variances[i];
        for (int c = 0; c < Classes; c++)
        {
            double logs = 0;
            foreach (double variance in RowOf(variances, c)) logs += s_log2Pi + StableMath.Log(variance);
            bias[c] = StableMath.Log(counts[c] / rows) - (0.5 * logs);
        }
    }

    public override void Score(ReadOnlySpan<double> x, ReadOnlySpan<double> bias, ReadOnlySpan<double> weights, Span<double> scratch, Span<double> scores)
    {
        for (int c = 0; c < Classes; c++) scores[c] = bias[c] - Quadratic(x, RowOf(weights[..Matrix], c), RowOf(weights[Matrix..], c));
    }

    public override string WriteScores(OnnxGraph graph, string rows, ReadOnlySpan<double> weights)
    {
        string means = graph.Constant(OnnxTensor.Of(weights[..Matrix], Classes, Features)), halves = graph.Constant(OnnxTensor.Of(weights[Matrix..], Classes, Features));
        string difference = graph.Add("Sub", [graph.Reshape(rows, 1, Features), means]);
        return graph.Add("Neg", [graph.SumLast(graph.Add("Mul", [graph.Add("Mul", [difference, difference]), halves]))]);
    }

    public override IEnumerable<LearnedNumbers> Learned(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, Scaler scaler)
    {
        (double[] means, double[] variances) = (parameters[..Matrix].ToArray(), parameters[Matrix..].ToArray());
        for (int i = 0; i < means.Length; i++)
        {
            double divisor = scaler.DivisorOf(i % Features);
            means[i] = (means[i] * divisor) + scaler.OffsetOf(i % Features);
            variances[i] *= divisor * divisor;
        }
        return [LearnedNumbers.Matrix("means", Features, means), LearnedNumbers.Matrix("variances", Features, variances)];
    }

    public override double Shown(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, int label, int feature) => parameters[(label * Features) + feature];

    // The first row of each class, and the mean distance from it: of equal numbers the mean is that number.
    private void SumOffsets(in MicroBatch leaf, Span<double> counts, Span<double> bases, Span<double> offsets)
    {
        ShardNumbers rows = leaf.Shard.Rows;
        foreach (int position in leaf.Positions.Span)
        {
            int label = (int)leaf.Shard.Table.Targets[rows[position]];
            ReadOnlySpan<double> x = leaf.Shard.Table.DoublesOf(rows[position]);
            Span<double> first = RowOf(bases, label), offset = RowOf(offsets, label);
            if (counts[label]++ == 0) x.CopyTo(first);
            else
                for (int f = 0; f < x.Length; f++) offset[f] += x[f] - first[f];
        }
        for (int i = 0; i < Matrix; i++)
            if (counts[i / Features] > 0) offsets[i] /= counts[i / Features];
    }

    private static void AddAbout(ReadOnlySpan<double> x, ReadOnlySpan<double> first, ReadOnlySpan<double> offset, Span<double> residual, Span<double> spread)
    {
        for (int f = 0; f < x.Length; f++)
        {
            double difference = x[f] - first[f] - offset[f];
            residual[f] += difference;
            spread[f] += difference * difference;
        }
    }

    private Moments MomentsAt(ReadOnlySpan<double> sums, int i, double count) => new(count, sums[i], sums[Matrix + i], sums[(2 * Matrix) + i]);

    private double LargestVariance(ReadOnlySpan<double> counts, ReadOnlySpan<double> sums)
    {
        double largest = 0;
        for (int f = 0; f < Features; f++)
        {
            Moments all = MomentsAt(sums, f, counts[0]);
            for (int c = 1; c < Classes; c++) all = all.With(MomentsAt(sums, (c * Features) + f, counts[c]));
            largest = Math.Max(largest, all.Spread / all.Count);
        }
        return largest;
    }

    /// <summary>How many numbers there are, one of them, how far their mean is from it, and Σ of their squared distances from the mean.</summary>
    private readonly record struct Moments(double Count, double Base, double Offset, double Spread)
    {
        public Moments With(Moments other)
        {
            double count = Count + other.Count, difference = other.Base - Base + (other.Offset - Offset);
            return new Moments(
                count, Base, Offset + (difference * (other.Count / count)), Spread + other.Spread + (difference * difference * (Count * (other.Count / count))));
        }
    }

    /// <summary>Σ hᵢ(xᵢ − mᵢ)²: lane j sums i ≡ j (mod 4) in order, then (0+2) + (1+3).</summary>
    private static double Quadratic(ReadOnlySpan<double> x, ReadOnlySpan<double> mean, ReadOnlySpan<double> half)
    {
        Vector256<double> sum = Vector256<double>.Zero;
        int i = 0;
        for (; i + 4 <= x.Length; i += 4)
        {
            Vector256<double> difference = Vector256.Create(x.Slice(i, 4)) - Vector256.Create(mean.Slice(i, 4));
            sum = Vector256.FusedMultiplyAdd(difference * Vector256.Create(half.Slice(i, 4)), difference, sum);
        }
        Span<double> lanes = stackalloc double[4];
        sum.CopyTo(lanes);
        for (int lane = 0; i < x.Length; i++, lane++)
        {
            double difference = x[i] - mean[i];
            lanes[lane] = Math.FusedMultiplyAdd(difference * half[i], difference, lanes[lane]);
        }
        return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
    }
}
