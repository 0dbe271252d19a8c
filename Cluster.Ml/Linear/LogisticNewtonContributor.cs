using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Linear;

/// <summary>Sums gradient and Hessian of the logistic loss over rows.</summary>
/// <remarks>
/// Equation  ∂ℓ/∂b = (σ(z) − y)·(1, x);  ∂²ℓ/∂b² = σ(z)(1 − σ(z))·(1, x)(1, x)ᵀ;  ℓ = max(z, 0) − yz + log(1 + e^−|z|)
/// </remarks>
internal sealed class LogisticNewtonContributor(LogisticNewtonLearner learner) : LeafContributor(learner)
{
    private readonly double[] _row = CreateRow(learner.StateLength);

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        foreach (int row in rows.Order.Span)
        {
            double z = Score(state.Doubles, rows.Table.DoublesOf(row));
            int actual = (int)rows.Table.Targets[row];
            LogisticNewtonLearner.Sums.Add(sums, actual, z > 0 ? 1 : 0, Loss(z, actual));
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int i = 0; i < order.Length; i++)
        {
            double z = Score(state.Doubles, rows.Table.DoublesOf(order[i]));
            predictions[i] = z > 0 ? 1 : 0;
            if (scores.IsEmpty) continue;
            scores[2 * i] = StableMath.Sigmoid(-z);
            scores[(2 * i) + 1] = StableMath.Sigmoid(z);
        }
    }

    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        contribution.Clear();
        Span<double> sums = contribution.Doubles;
        Span<double> gradient = sums[.._row.Length];
        Span<double> hessian = sums.Slice(_row.Length, PackedCholesky.Length(_row.Length));
        Span<double> statistics = sums[^StepStatistics.Length..];
        ShardNumbers rows = leaf.Shard.Rows;
        foreach (int position in leaf.Positions.Span)
        {
            leaf.Shard.Table.DoublesOf(rows[position]).CopyTo(_row.AsSpan(1));
            double y = leaf.Shard.Table.Targets[rows[position]], z = DoubleVectors.Dot(_row, state.Doubles), p = StableMath.Sigmoid(z);
            DoubleVectors.AddScaled(p - y, _row, gradient);
            double curvature = p * StableMath.Sigmoid(-z);
            for (int i = 0, at = 0; i < _row.Length; at += ++i)
                DoubleVectors.AddScaled(curvature * _row[i], _row.AsSpan(0, i + 1), hessian.Slice(at, i + 1));
            statistics[StepStatistics.LossSum] += Loss(z, y);
            statistics[StepStatistics.Examples]++;
            statistics[StepStatistics.Correct] += z > 0 == y > 0.5 ? 1 : 0;
        }
    }

    private double Score(ReadOnlySpan<double> model, ReadOnlySpan<double> x)
    {
        x.CopyTo(_row.AsSpan(1));
        return DoubleVectors.Dot(_row, model);
    }

    private static double Loss(double z, double y) => Math.Max(z, 0) - (y * z) + StableMath.Log(1 + StableMath.Exp(-Math.Abs(z)));

    private static double[] CreateRow(int length)
    {
        var row = new double[length];
        row[0] = 1;                      // the intercept's feature
        return row;
    }
}
