using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;
using Cluster.Ml.Reinforcement.Environments;

namespace Cluster.Ml.Reinforcement.QLearning;

/// <summary>Plays the episodes of micro-batches and sums up how far the table was wrong, on one thread.</summary>
internal sealed class QContributor(QLearner learner) : LeafContributor(learner)
{
    private readonly DecisionProcess _process = learner.Process;
    private readonly double[] _state = new double[learner.Process.StateNames.Count];

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            MeasuredRows.Read(_process, rows, i, NumberKind.Float64, _state);
            RandomStream chance = RandomStream.At(learner.Seed, RandomPurpose.MeasuredEpisode, 0, rows.Order.Span[i]);
            double reward = 0;
            int steps = 0;
            for (bool ends = false; !ends && steps < _process.StepsMax; steps++)
            {
                Transition transition = _process.Step(_state, QTable.BestOf(learner.ValuesOf(state, _process.CellOf(_state))), ref chance);
                reward += transition.Reward;
                ends = transition.Ends;
            }
            ReturnSums.Add(sums, reward, steps);
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            MeasuredRows.Read(_process, rows, i, NumberKind.Float64, _state);
            ReadOnlySpan<double> values = learner.ValuesOf(state, _process.CellOf(_state));
            predictions[i] = QTable.BestOf(values);
            if (!scores.IsEmpty) values.CopyTo(scores[(i * values.Length)..]);
        }
    }

    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        contribution.Clear();
        ReadOnlySpan<int> positions = leaf.Positions.Span;
        foreach (int position in positions) PlayOne(state, contribution.Doubles, step.Step, leaf.Shard.Ids[position]);
    }

    private void PlayOne(NumericBuffer state, Span<double> sums, long step, int id)
    {
        Span<double> counts = sums.Slice(learner.StateLength, learner.StateLength), statistics = sums[(2 * learner.StateLength)..];
        RandomStream chance = RandomStream.At(learner.Seed, RandomPurpose.Episode, step, id), choice = RandomStream.At(learner.Seed, RandomPurpose.Action, step, id);
        _process.Start(ref chance, _state);
        bool ends = false;
        for (int played = 0; !ends && played < _process.StepsMax; played++)
        {
            int cell = _process.CellOf(_state);
            ReadOnlySpan<double> values = learner.ValuesOf(state, cell);
            int action = choice.NextDouble() < learner.Options.Explore ? choice.Next(learner.Actions) : QTable.BestOf(values);
            Transition transition = _process.Step(_state, action, ref chance);
            ends = transition.Ends;
            ReadOnlySpan<double> next = ends ? [] : learner.ValuesOf(state, _process.CellOf(_state));
            double target = transition.Reward + (ends ? 0 : learner.Options.Discount * next[QTable.BestOf(next)]), error = target - values[action];
            sums[(cell * learner.Actions) + action] += error;
            counts[(cell * learner.Actions) + action]++;
            statistics[StepStatistics.LossSum] += 0.5 * error * error;
            statistics[StepStatistics.Examples]++;
        }
    }
}
