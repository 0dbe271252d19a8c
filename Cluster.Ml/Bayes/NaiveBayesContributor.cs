using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Bayes;

/// <summary>Sums rows by class, and scores rows.</summary>
/// <remarks>
/// Equation  P(c | x) = exp(score_c − l),  log-loss = l − score_y,  l = m + ln Σ exp(score_c − m),  m = max score_c
/// Units     nats
/// </remarks>
internal sealed class NaiveBayesContributor : LeafContributor
{
    private readonly NaiveBayesLearner _learner;
    private readonly FeatureDistribution _distribution;
    private readonly double[] _bias, _weights, _scores, _exponentials, _scratch;
    private bool _fitted;

    public NaiveBayesContributor(NaiveBayesLearner learner)
        : base(learner)
    {
        (_learner, _distribution) = (learner, learner.Distribution);
        (_bias, _weights) = (new double[_distribution.Classes], new double[_distribution.WeightsLength]);
        (_scores, _exponentials) = (new double[_distribution.Classes], new double[_distribution.Classes]);
        _scratch = new double[_distribution.Classes * _distribution.Features];
    }

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        Prepare(state);
        foreach (int row in rows.Order.Span)
        {
            int actual = (int)rows.Table.Targets[row];
            (int predicted, double logSum) = Score(rows.Table.DoublesOf(row));
            _learner.Sums.Add(sums, actual, predicted, logSum - _scores[actual]);
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        Prepare(state);
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int i = 0; i < order.Length; i++)
        {
            (predictions[i], double logSum) = Score(rows.Table.DoublesOf(order[i]));
            if (scores.IsEmpty) continue;
            Span<double> probabilities = scores.Slice(i * _scores.Length, _scores.Length);
            for (int c = 0; c < _scores.Length; c++) probabilities[c] = _scores[c] - logSum;
            StableMath.Exp(probabilities, probabilities);
        }
    }

    protected override void Prepare(NumericBuffer state)
    {
        _fitted = _learner.IsFitted(state);
        if (_fitted) _distribution.Prepare(_learner.CountsOf(state), _learner.ParametersOf(state), _bias, _weights);
    }

    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        contribution.Clear();
        Span<double> numbers = contribution.Doubles, statistics = numbers[^StepStatistics.Length..];
        if (!_fitted) _distribution.Sum(leaf, numbers[.._distribution.Classes], _learner.SumsOf(numbers), _scratch);
        ShardNumbers rows = leaf.Shard.Rows;
        foreach (int position in leaf.Positions.Span)
        {
            int actual = (int)leaf.Shard.Table.Targets[rows[position]];
            (int predicted, double logSum) = Score(leaf.Shard.Table.DoublesOf(rows[position]));
            statistics[StepStatistics.LossSum] += logSum - _scores[actual];
            statistics[StepStatistics.Examples]++;
            statistics[StepStatistics.Correct] += predicted == actual ? 1 : 0;
        }
    }

    /// <summary>Writes the scores of a row; all are 0 before the first step.</summary>
    private (int Predicted, double LogSum) Score(ReadOnlySpan<double> x)
    {
        if (_fitted) _distribution.Score(x, _bias, _weights, _scratch, _scores);
        else _scores.AsSpan().Clear();
        int best = 0;
        for (int c = 1; c < _scores.Length; c++)
            if (_scores[c] > _scores[best]) best = c;
        for (int c = 0; c < _scores.Length; c++) _exponentials[c] = _scores[c] - _scores[best];
        StableMath.Exp(_exponentials, _exponentials);
        double sum = 0;
        foreach (double exponential in _exponentials) sum += exponential;
        return (best, _scores[best] + StableMath.Log(sum));
    }
}
