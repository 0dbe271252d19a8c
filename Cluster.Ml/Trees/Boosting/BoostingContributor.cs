using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees.Boosting;

/// <summary>Sums gradients and curvatures in the bins of the nodes that grow.</summary>
internal sealed class BoostingContributor(BoostingLearner learner) : GrowthContributor(learner)
{
    private readonly double[] _margins = new double[learner.Layout.Sizes.Roots];
    private readonly double[] _shares = new double[Math.Max(2, learner.Classes)];
    private readonly ClassificationSums _classes = new(Math.Max(2, learner.Classes));

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        double centre = learner.Classes > 0 || rows.Count == 0 ? 0 : rows.Table.Targets[0];
        foreach (int row in rows.Order.Span)
        {
            double target = rows.Table.Targets[row];
            Margins(state.Doubles, rows.Table.DoublesOf(row));
            if (learner.Classes > 0) _classes.Add(sums, (int)target, Shares(), -StableMath.Log(Math.Max(double.Epsilon, _shares[(int)target])));
            else RegressionSums.Add(sums, target, (target - _margins[0]) * (target - _margins[0]), centre);
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int i = 0; i < order.Length; i++)
        {
            Margins(state.Doubles, rows.Table.DoublesOf(order[i]));
            predictions[i] = learner.Classes > 0 ? Shares() : _margins[0];
            if (!scores.IsEmpty) _shares.CopyTo(scores[(i * learner.Classes)..]);
        }
    }

    protected override void Gather(Span<double> state, in MicroBatch leaf, ReadOnlySpan<byte> binned, Span<double> histograms, Span<double> statistics)
    {
        FixedPoint units = learner.UnitsOf(state);
        NodeTable growing = Grower.NodesOf(state, Slice);
        foreach (int position in leaf.Positions.Span)
        {
            int row = leaf.Shard.Rows[position];
            double target = leaf.Shard.Table.Targets[row];
            Margins(state, leaf.Shard.Table.DoublesOf(row));
            Count(target, statistics);
            ReadOnlySpan<byte> bins = BinsOf(state, leaf, position, binned);
            for (int tree = 0; tree < _margins.Length; tree++)
            {
                int place = Plan.PlaceOf(growing.Find(tree, bins));
                if (place < 0) continue;
                (double gradient, double curvature) = Slope(tree, target);
                Add(histograms.Slice(place * HistogramLength, HistogramLength), bins, units.ToUnits(gradient), learner.Classes > 0 ? units.ToUnits(curvature) : 1);
            }
        }
    }

    private void Add(Span<double> histogram, ReadOnlySpan<byte> bins, double gradient, double curvature)
    {
        ReadOnlySpan<int> starts = Starts;
        for (int feature = 0; feature < bins.Length; feature++)
        {
            Span<double> bin = histogram.Slice(starts[feature] + (bins[feature] * 3), 3);
            bin[NewtonRule.Rows]++;
            bin[NewtonRule.Gradient] += gradient;
            bin[NewtonRule.Curvature] += curvature;
        }
    }

    private void Count(double target, Span<double> statistics)
    {
        if (learner.Classes == 0)
        {
            statistics[StepStatistics.LossSum] += (target - _margins[0]) * (target - _margins[0]);
            return;
        }
        if (Shares() == (int)target) statistics[StepStatistics.Correct]++;
        statistics[StepStatistics.LossSum] -= StableMath.Log(Math.Max(double.Epsilon, _shares[(int)target]));
    }

    private (double Gradient, double Curvature) Slope(int tree, double target)
    {
        if (learner.Classes == 0) return (_margins[0] - target, 1);
        int cls = learner.Classes == 2 ? 1 : tree;
        double share = _shares[cls];
        return (share - (target == cls ? 1 : 0), share * (1 - share));
    }

    /// <summary>What the whole rounds say of a row.</summary>
    private void Margins(Span<double> state, ReadOnlySpan<double> x)
    {
        double scale = learner.ValueUnitOf(state);
        _margins.AsSpan().Fill(learner.BaseOf(state));
        int rounds = (int)new GrowthHeader(state).Done;
        for (int round = 0; round < rounds; round++)
        {
            NodeTable nodes = Grower.NodesOf(state, round);
            for (int tree = 0; tree < _margins.Length; tree++) _margins[tree] += nodes[nodes.Find(tree, x)].Value * scale;
        }
    }

    /// <summary>Probabilities of the margins.</summary>
    /// <returns>The first of the most probable classes.</returns>
    private int Shares()
    {
        if (learner.Classes == 2)
        {
            (_shares[0], _shares[1]) = (StableMath.Sigmoid(-_margins[0]), StableMath.Sigmoid(_margins[0]));
            return _margins[0] > 0 ? 1 : 0;
        }
        int best = 0;
        for (int c = 1; c < _margins.Length; c++)
            if (_margins[c] > _margins[best]) best = c;
        double sum = 0;
        for (int c = 0; c < _margins.Length; c++) sum += _shares[c] = StableMath.Exp(_margins[c] - _margins[best]);
        for (int c = 0; c < _margins.Length; c++) _shares[c] /= sum;
        return best;
    }
}
