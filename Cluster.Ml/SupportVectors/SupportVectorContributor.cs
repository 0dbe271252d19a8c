using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.SupportVectors;

/// <summary>Sends rows in the first step, and their decision values in every other.</summary>
internal sealed class SupportVectorContributor(SupportVectorLearner learner) : LeafContributor(learner)
{
    private readonly SupportVectorLayout _layout = learner.Layout;
    private readonly DecisionValues _decisions = new(learner.Layout, learner.Kernel);
    private readonly ClassificationSums _classes = new(Math.Max(2, learner.Layout.Classes));
    private readonly double[] _scores = new double[learner.Layout.Groups];
    private readonly int[] _rows = new int[DecisionValues.RowsAtOnce];

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        Prepare(state);
        double centre = _layout.Classes > 0 || rows.Count == 0 ? 0 : rows.Table.Targets[0];
        for (int done = 0; done < rows.Count; done += _rows.Length)
        {
            ReadOnlySpan<int> tile = rows.Order.Span.Slice(done, Math.Min(_rows.Length, rows.Count - done));
            ReadOnlySpan<double> decisions = _decisions.Of(rows.Table, tile);
            for (int i = 0; i < tile.Length; i++)
            {
                double target = rows.Table.Targets[tile[i]], said = Say(state.Doubles, decisions.Slice(i * _layout.Pairs, _layout.Pairs));
                if (_layout.Classes > 0) _classes.Add(sums, (int)target, (int)said, 0);
                else RegressionSums.Add(sums, target, (target - said) * (target - said), centre);
            }
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        Prepare(state);
        for (int done = 0; done < rows.Count; done += _rows.Length)
        {
            ReadOnlySpan<int> tile = rows.Order.Span.Slice(done, Math.Min(_rows.Length, rows.Count - done));
            ReadOnlySpan<double> decisions = _decisions.Of(rows.Table, tile);
            for (int i = 0; i < tile.Length; i++)
            {
                predictions[done + i] = Say(state.Doubles, decisions.Slice(i * _layout.Pairs, _layout.Pairs));
                if (!scores.IsEmpty) _scores.AsSpan(0, _layout.Classes).CopyTo(scores[((done + i) * _layout.Classes)..]);
            }
        }
    }

    protected override void Prepare(NumericBuffer state) => _decisions.Prepare(state.Doubles);

    protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
    {
        Span<double> numbers = contribution.Doubles;
        double phase = new SupportVectorHeader(state.Doubles).Phase;
        int used = phase == SupportVectorHeader.Gathering ? _layout.GatheredLength : phase == SupportVectorHeader.Solving ? _layout.DecisionsLength : 0;
        numbers[..(SupportVectorLayout.Head + used)].Clear();
        numbers[StepStatistics.Length] = used;
        if (phase == SupportVectorHeader.Gathering) Gather(leaf, numbers[SupportVectorLayout.Head..]);
        else if (phase == SupportVectorHeader.Solving) Decide(state.Doubles, leaf, numbers);
    }

    // Zero is added so that −0 becomes 0, as it does where rows of several micro-batches are combined.
    private void Gather(in MicroBatch leaf, Span<double> rows)
    {
        foreach (int position in leaf.Positions.Span)
        {
            int row = leaf.Shard.Rows[position];
            Span<double> to = rows.Slice(leaf.Shard.Ids[position] * (_layout.Features + 1), _layout.Features + 1);
            leaf.Shard.Table.DoublesOf(row).CopyTo(to);
            to[^1] = leaf.Shard.Table.Targets[row];
            foreach (ref double number in to) number += 0.0;
        }
    }

    private void Decide(Span<double> state, in MicroBatch leaf, Span<double> numbers)
    {
        Span<double> statistics = numbers[..StepStatistics.Length], values = numbers[SupportVectorLayout.Head..];
        ReadOnlySpan<int> positions = leaf.Positions.Span;
        for (int done = 0; done < positions.Length; done += _rows.Length)
        {
            Span<int> tile = _rows.AsSpan(0, Math.Min(_rows.Length, positions.Length - done));
            for (int i = 0; i < tile.Length; i++) tile[i] = leaf.Shard.Rows[positions[done + i]];
            ReadOnlySpan<double> decisions = _decisions.Of(leaf.Shard.Table, tile);
            for (int i = 0; i < tile.Length; i++)
            {
                ReadOnlySpan<double> own = decisions.Slice(i * _layout.Pairs, _layout.Pairs);
                double target = leaf.Shard.Table.Targets[tile[i]];
                Span<double> to = values.Slice(leaf.Shard.Ids[positions[done + i]] * _layout.Slots, _layout.Slots);
                statistics[StepStatistics.LossSum] += _layout.Classes > 0 ? Sort(state, own, (int)target, to) : Pass(state, own[0], target, to);
                statistics[StepStatistics.Correct] += _layout.Classes > 0 && (int)Say(state, own) == (int)target ? 1 : 0;
            }
        }
        statistics[StepStatistics.Examples] = leaf.Count;
    }

    /// <summary>Writes the values of the pairs of a row's class; its mean loss in them.</summary>
    private double Sort(Span<double> state, ReadOnlySpan<double> decisions, int actual, Span<double> to)
    {
        double loss = 0;
        for (int slot = 0; slot < to.Length; slot++)
        {
            int other = slot < actual ? slot : slot + 1, pair = _layout.PairOf(Math.Min(actual, other), Math.Max(actual, other));
            to[slot] = decisions[pair] + 0.0;
            double decision = decisions[pair] - new PairFacts(_layout.Pair(state, pair)).Rho;
            double missing = Math.Max(0, 1 - (actual < other ? decision : -decision));
            loss += learner.Options.Squares ? missing * missing : missing;
        }
        return loss / to.Length;
    }

    private double Pass(Span<double> state, double decision, double target, Span<double> to)
    {
        to[0] = decision + 0.0;
        return Math.Max(0, Math.Abs(target - (decision - new PairFacts(_layout.Pair(state, 0)).Rho)) - learner.Options.Epsilon);
    }

    /// <summary>The number, or the class with the most votes; of equals the first. Fills the scores.</summary>
    private double Say(Span<double> state, ReadOnlySpan<double> decisions) => _layout.Classes == 0
        ? decisions[0] - new PairFacts(_layout.Pair(state, 0)).Rho
        : PairVotes.Count(_layout, state, decisions, _scores);
}
