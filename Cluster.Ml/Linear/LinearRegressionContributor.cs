using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Linear;

/// <summary>GemmOperands the rows (1, x, y) of a micro-batch, block by block.</summary>
internal sealed class LinearRegressionContributor(LinearRegressionLearner learner) : LeafContributor(learner)
{
    private readonly double[] _block = new double[TriangularFactor.BlockRows * learner.Width];
    private readonly double[] _scratch = new double[TriangularFactor.ScratchLength(learner.Width)];

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        ReadOnlySpan<double> model = state.Doubles;
        double centre = rows.Table.Targets[0];       // near the targets, which those that the model learned from need not be
        foreach (int row in rows.Order.Span)
        {
            double target = rows.Table.Targets[row], error = target - learner.Predict(model, rows.Table.DoublesOf(row));
            RegressionSums.Add(sums, target, error * error, centre);
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int i = 0; i < order.Length; i++) predictions[i] = learner.Predict(state.Doubles, rows.Table.DoublesOf(order[i]));
    }

    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        contribution.Clear();
        int factorLength = contribution.Length - StepStatistics.Length, width = learner.Width, filled = 0;
        Span<double> factor = contribution.Doubles[..factorLength], statistics = contribution.Doubles[factorLength..];
        ShardNumbers rows = leaf.Shard.Rows;
        foreach (int position in leaf.Positions.Span)
        {
            ReadOnlySpan<double> x = leaf.Shard.Table.DoublesOf(rows[position]);
            double y = leaf.Shard.Table.Targets[rows[position]], error = y - learner.Predict(state.Doubles, x);
            Span<double> row = _block.AsSpan(filled * width, width);
            row[0] = 1;
            x.CopyTo(row[1..]);
            row[^1] = y;
            statistics[StepStatistics.LossSum] += error * error;
            statistics[StepStatistics.Examples]++;
            if (++filled < TriangularFactor.BlockRows) continue;
            TriangularFactor.Absorb(factor, _block, filled, width, _scratch);
            filled = 0;
        }
        TriangularFactor.Absorb(factor, _block, filled, width, _scratch);
    }
}
