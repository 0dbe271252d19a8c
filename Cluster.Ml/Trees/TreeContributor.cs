using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees;

/// <summary>Counts classes, or sums numbers, in the bins of the nodes that grow.</summary>
internal sealed class TreeContributor(TreeLearner learner) : GrowthContributor(learner)
{
    private readonly ClassificationSums _classes = new(Math.Max(2, learner.Classes));

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        NodeTable nodes = Grower.NodesOf(state.Doubles, 0);
        FixedPoint units = learner.UnitsOf(state.Doubles);
        double centre = learner.Classes > 0 || rows.Count == 0 ? 0 : rows.Table.Targets[0];
        foreach (int row in rows.Order.Span)
        {
            NodeTable.Node node = nodes[nodes.Find(0, rows.Table.DoublesOf(row))];
            double target = rows.Table.Targets[row];
            if (learner.Classes > 0) _classes.Add(sums, (int)target, (int)node.Value, TreeLearner.LossOf(node, (int)target));
            else RegressionSums.Add(sums, target, SquaredError(node, units, target), centre);
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        NodeTable nodes = Grower.NodesOf(state.Doubles, 0);
        FixedPoint units = learner.UnitsOf(state.Doubles);
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int i = 0; i < order.Length; i++)
        {
            NodeTable.Node node = nodes[nodes.Find(0, rows.Table.DoublesOf(order[i]))];
            predictions[i] = learner.Classes > 0 ? node.Value : TreeLearner.MeanOf(node, units);
            if (scores.IsEmpty) continue;
            for (int c = 0; c < learner.Classes; c++) scores[(i * learner.Classes) + c] = node.Rows > 0 ? node.Sums[c] / node.Rows : 1.0 / learner.Classes;
        }
    }

    protected override void Gather(Span<double> state, in MicroBatch leaf, ReadOnlySpan<byte> binned, Span<double> histograms, Span<double> statistics)
    {
        NodeTable nodes = Grower.NodesOf(state, 0);
        FixedPoint units = learner.UnitsOf(state);
        foreach (int position in leaf.Positions.Span)
        {
            ReadOnlySpan<byte> bins = BinsOf(state, leaf, position, binned);
            int at = nodes.Find(0, bins);
            NodeTable.Node node = nodes[at];
            double target = leaf.Shard.Table.Targets[leaf.Shard.Rows[position]];
            if (learner.Classes > 0)
            {
                statistics[StepStatistics.LossSum] += TreeLearner.LossOf(node, (int)target);
                if (node.Rows > 0 && node.Value == target) statistics[StepStatistics.Correct]++;
            }
            else
            {
                statistics[StepStatistics.LossSum] += SquaredError(node, units, target);
            }
            if (Plan.PlaceOf(at) is >= 0 and var place) Add(histograms.Slice(place * HistogramLength, HistogramLength), bins, target, units);
        }
    }

    private void Add(Span<double> histogram, ReadOnlySpan<byte> bins, double target, in FixedPoint units)
    {
        ReadOnlySpan<int> starts = Starts;
        if (learner.Classes > 0)
        {
            for (int feature = 0; feature < bins.Length; feature++) histogram[starts[feature] + (bins[feature] * learner.Classes) + (int)target]++;
            return;
        }
        double value = units.ToUnits(target);
        for (int feature = 0; feature < bins.Length; feature++)
        {
            int at = starts[feature] + (bins[feature] * 2);
            histogram[at + VarianceRule.Rows]++;
            histogram[at + VarianceRule.Sum] += value;
        }
    }

    private static double SquaredError(NodeTable.Node node, in FixedPoint units, double target)
    {
        double error = target - TreeLearner.MeanOf(node, units);
        return error * error;
    }
}
