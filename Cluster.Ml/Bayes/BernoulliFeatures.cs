using Cluster.Ml.Data;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Bayes;

/// <summary>Columns of which only matters whether they are above 0.</summary>
/// <remarks>
/// Equation  ln p(x | c) = Σ_f [b_f·ln p_cf + (1 − b_f)·ln(1 − p_cf)],  b_f = 1 if x_f is above 0, else 0;
///           p_cf = (S_cf + α) / (n_c + 2α),  S_cf = how many rows of class c have b_f = 1
/// Shapes    sums, parameters [S [C, d]]; weights [ln p − ln(1 − p) [C, d]]
/// Range     1 − p is counted separately, so that it keeps its digits for p near 1
/// Cost      fit O(n·d), predict O(C·d) a row
/// Source    Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), § 13.3; α as in scikit-learn's BernoulliNB
/// </remarks>
internal sealed class BernoulliFeatures(int classes, int features, double smoothing) : FeatureDistribution(classes, features, smoothing)
{
    public override int SumsLength => Classes * Features;

    public override int ParametersLength => Classes * Features;

    public override int WeightsLength => Classes * Features;

    public override string Description => "the probability a class and column of being above 0";

    public override void Sum(in MicroBatch leaf, Span<double> counts, Span<double> sums, Span<double> scratch)
    {
        Span<double> present = scratch[..Features];
        ShardNumbers rows = leaf.Shard.Rows;
        foreach (int position in leaf.Positions.Span)
        {
            int label = (int)leaf.Shard.Table.Targets[rows[position]];
            Mark(leaf.Shard.Table.DoublesOf(rows[position]), present);
            counts[label]++;
            DoubleVectors.AddScaled(1, present, RowOf(sums, label));
        }
    }

    public override void Combine(ReadOnlySpan<double> counts, Span<double> sums, ReadOnlySpan<double> otherCounts, ReadOnlySpan<double> otherSums) =>
        DoubleVectors.AddScaled(1, otherSums, sums);

    public override void Estimate(ReadOnlySpan<double> counts, ReadOnlySpan<double> sums, Span<double> parameters, IReadOnlyList<string> featureNames, long step) =>
        sums.CopyTo(parameters);

    public override void Prepare(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, Span<double> bias, Span<double> weights)
    {
        double rows = Total(counts);
        for (int c = 0; c < Classes; c++)
        {
            bias[c] = StableMath.Log(counts[c] / rows);
            ReadOnlySpan<double> present = RowOf(parameters, c);
            Span<double> logOdds = RowOf(weights, c);
            for (int f = 0; f < logOdds.Length; f++)
            {
                double absent = StableMath.Log(ShareOf(counts[c] - present[f], counts[c]));
                logOdds[f] = StableMath.Log(ShareOf(present[f], counts[c])) - absent;
                bias[c] += absent;
            }
        }
    }

    public override void Score(ReadOnlySpan<double> x, ReadOnlySpan<double> bias, ReadOnlySpan<double> weights, Span<double> scratch, Span<double> scores)
    {
        Mark(x, scratch);
        ScoreLinearly(scratch[..Features], bias, weights, scores);
    }

    public override string WriteScores(OnnxGraph graph, string rows, ReadOnlySpan<double> weights) => WriteLinearScores(
        graph, graph.Cast(graph.Add("Greater", [rows, graph.Constant(OnnxTensor.Of([0.0]))]), OnnxType.Double), weights);

    public override IEnumerable<LearnedNumbers> Learned(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, Scaler scaler)
    {
        var probabilities = new double[Classes * Features];
        for (int i = 0; i < probabilities.Length; i++) probabilities[i] = Shown(counts, parameters, i / Features, i % Features);
        return [LearnedNumbers.Matrix("probabilities", Features, probabilities)];
    }

    public override double Shown(ReadOnlySpan<double> counts, ReadOnlySpan<double> parameters, int label, int feature) =>
        ShareOf(parameters[(label * Features) + feature], counts[label]);

    private double ShareOf(double some, double all) => (some + Smoothing) / (all + (2 * Smoothing));

    private static void Mark(ReadOnlySpan<double> x, Span<double> present)
    {
        for (int f = 0; f < x.Length; f++) present[f] = x[f] > 0 ? 1 : 0;
    }
}
