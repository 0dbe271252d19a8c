using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Linear.QuasiNewton;

/// <summary>Sums the gradient of the log-loss over rows.</summary>
/// <remarks>Equation  ∂ℓ/∂bₖ = (pₖ − 1[y = k])·(1, x);  with one output (σ(z) − y)·(1, x)</remarks>
internal sealed class LogLinearContributor : LeafContributor
{
    private readonly LogLinearLearner _learner;
    private readonly double[] _row, _probabilities;

    public LogLinearContributor(LogLinearLearner learner)
        : base(learner)
    {
        (_learner, _row, _probabilities) = (learner, new double[learner.Width], new double[Math.Max(2, learner.Outputs)]);
        _row[0] = 1;                     // the intercept's feature
    }

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        foreach (int row in rows.Order.Span)
        {
            int actual = (int)rows.Table.Targets[row];
            double loss = Judge(state.Doubles, rows.Table.DoublesOf(row), actual);
            _learner.Sums.Add(sums, actual, Likeliest(), loss);
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int i = 0; i < order.Length; i++)
        {
            Judge(state.Doubles, rows.Table.DoublesOf(order[i]), 0);
            predictions[i] = Likeliest();
            if (!scores.IsEmpty) _probabilities.CopyTo(scores[(i * _probabilities.Length)..]);
        }
    }

    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        contribution.Clear();
        Span<double> sums = contribution.Doubles, statistics = sums[^StepStatistics.Length..];
        foreach (int position in leaf.Positions.Span)
        {
            int row = leaf.Shard.Rows[position], actual = (int)leaf.Shard.Table.Targets[row];
            statistics[StepStatistics.LossSum] += Judge(state.Doubles, leaf.Shard.Table.DoublesOf(row), actual);
            statistics[StepStatistics.Examples]++;
            statistics[StepStatistics.Correct] += Likeliest() == actual ? 1 : 0;
            for (int output = 0; output < _learner.Outputs; output++)
            {
                int k = _learner.Outputs == 1 ? 1 : output;
                DoubleVectors.AddScaled(_probabilities[k] - (k == actual ? 1 : 0), _row, sums.Slice(output * _row.Length, _row.Length));
            }
        }
    }

    /// <summary>Fills the probabilities of a row's classes and returns −ln p of its target class.</summary>
    private double Judge(ReadOnlySpan<double> model, ReadOnlySpan<double> x, int actual)
    {
        x.CopyTo(_row.AsSpan(1));
        if (_learner.Outputs == 1)
        {
            double z = DoubleVectors.Dot(_row, model);
            (_probabilities[0], _probabilities[1]) = (StableMath.Sigmoid(-z), StableMath.Sigmoid(z));
            return Math.Max(z, 0) - (actual * z) + StableMath.Log(1 + StableMath.Exp(-Math.Abs(z)));
        }
        double most = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < _probabilities.Length; k++)
        {
            _probabilities[k] = DoubleVectors.Dot(_row, model.Slice(k * _row.Length, _row.Length));
            most = Math.Max(most, _probabilities[k]);
        }
        double own = _probabilities[actual] - most;
        for (int k = 0; k < _probabilities.Length; k++) sum += _probabilities[k] = StableMath.Exp(_probabilities[k] - most);
        for (int k = 0; k < _probabilities.Length; k++) _probabilities[k] /= sum;
        return StableMath.Log(sum) - own;
    }

    /// <summary>Of equals the first.</summary>
    private int Likeliest()
    {
        int best = 0;
        for (int k = 1; k < _probabilities.Length; k++)
            if (_probabilities[k] > _probabilities[best]) best = k;
        return best;
    }
}
