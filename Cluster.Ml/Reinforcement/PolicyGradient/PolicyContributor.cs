using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>Plays the episodes of micro-batches and computes the gradients of their moments, on one thread.</summary>
internal sealed class PolicyContributor(PolicyLearner learner) : IContributor
{
    private readonly PolicyModel _model = learner.Model;
    private readonly NetworkPass _pass = new(learner.Model.Learning);
    private readonly RolloutPlayer _rollouts = new(learner.Model, learner.Seed);
    private readonly EpisodePlayer _player = new(learner.Model);
    private readonly PolicyLoss _loss = new(learner.Model);
    private readonly NetworkPass _asked = new(learner.Model.Acting);
    private readonly ActionDistribution _actions = new(learner.Model.Process.ActionNames.Count);

    public void Contribute(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step)
    {
        learner.Require(state, learner.StateLength, "state");
        learner.Require(contribution, learner.ContributionLength, "contribution");
        if (!int.IsPow2(subtree.Length))
            throw new ArgumentException($"PolicyLearner: wanted a power of two of micro-batches, got {subtree.Length}.", nameof(subtree));
        int turns = _model.Options.StepsPerRollout, turn = (int)(step.Step % turns), gradients = _model.Layout.GradientCount;
        long number = step.Step / turns;
        ReadOnlySpan<float> actor = _model.ActorOf(state.Floats, turn);
        contribution.Clear();
        if (_model.ActorLength > 0) Carry(actor, subtree, contribution.Floats.Slice(gradients, _model.ActorLength));
        Rollout[] played = Played(actor, number, subtree, turns);
        int[] ends = new int[subtree.Length];
        int[][] moments = new int[subtree.Length][];
        int rows = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            moments[i] = MomentsOf(played[i], subtree[i].Shard.Index, number, turn);
            ends[i] = rows += moments[i].Length;
        }
        if (rows == 0) return;
        Gather(played, moments, rows);
        ReadOnlySpan<float> parameters = state.Floats[.._model.Layout.ParameterCount];
        _pass.Forward(parameters, random: null);
        if (!Take(played, moments, contribution.Floats[^StepStatistics.Length..]))
        {
            Gather(played, moments, rows);
            throw new DivergedException(step.Step, _pass.FirstNotFinite(parameters, null) ?? "loss", "a loss that is not", DivergedException.AdviceAt(step.Step));
        }
        _pass.Backward(parameters, ends, contribution.Floats[..gradients]);
    }

    public void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        learner.Require(state, learner.StateLength, "state");
        Episode[] episodes = new Episode[rows.Count];
        for (int i = 0; i < episodes.Length; i++)
        {
            episodes[i] = new Episode(new double[_model.Process.StateNames.Count])
            {
                Chance = RandomStream.At(learner.Seed, RandomPurpose.MeasuredEpisode, 0, rows.Order.Span[i]),
            };
            MeasuredRows.Read(_model.Process, rows, i, NumberKind.Float32, episodes[i].State);
        }
        _player.Play(state.Floats[.._model.Layout.ParameterCount], episodes, learns: false);
        foreach (Episode episode in episodes) ReturnSums.Add(sums, episode.Return, episode.Steps);
    }

    public void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        learner.Require(state, learner.StateLength, "state");
        int width = _model.Process.StateNames.Count, actions = _model.Process.ActionNames.Count;
        double[] numbers = new double[width];
        _asked.Begin(rows.Count);
        Span<float> inputs = _asked.Inputs;
        for (int i = 0; i < rows.Count; i++)
        {
            MeasuredRows.Read(_model.Process, rows, i, NumberKind.Float32, numbers);
            for (int j = 0; j < width; j++) inputs[(i * width) + j] = (float)numbers[j];
        }
        _asked.Forward(state.Floats[.._model.Layout.ParameterCount], random: null);
        for (int i = 0; i < rows.Count; i++)
        {
            _actions.Take(_asked.OutputOf(_model.Acting.Heads[0], i));
            predictions[i] = _actions.Best;
            if (!scores.IsEmpty) _actions.Probabilities.CopyTo(scores[(i * actions)..]);
        }
    }

    /// <summary>The parameters that play this roll-out, from the micro-batch that is the first of all; zeros from the others.</summary>
    private static void Carry(ReadOnlySpan<float> actor, ReadOnlySpan<MicroBatch> subtree, Span<float> carried)
    {
        if (subtree[0].Shard.Index == 0) actor.CopyTo(carried);
    }

    private Rollout[] Played(ReadOnlySpan<float> actor, long number, ReadOnlySpan<MicroBatch> subtree, int turns)
    {
        Rollout?[] played = new Rollout?[subtree.Length];
        if (turns > 1)
            for (int i = 0; i < played.Length; i++) played[i] = learner.Memory.Find(number, actor, subtree[i].Shard.Index, RolloutPlayer.IdsOf(subtree[i]));
        if (Array.TrueForAll(played, rollout => rollout is not null)) return played!;
        _rollouts.Play(actor, number, subtree, played);
        if (turns > 1)
            for (int i = 0; i < played.Length; i++) learner.Memory.Add(number, actor, subtree[i].Shard.Index, played[i]!);
        return played!;
    }

    /// <summary>Which moments of a micro-batch a step learns from: all in their order, or its part of an order that is drawn for each pass.</summary>
    private int[] MomentsOf(Rollout played, int shard, long number, int turn)
    {
        int[] order = [.. Enumerable.Range(0, played.Moments)];
        int parts = _model.Options.MiniBatches, pass = turn / parts, part = turn % parts;
        if (parts == 1) return order;
        RandomStream stream = RandomStream.At(learner.Seed, RandomPurpose.MomentOrder, checked((number * _model.Options.Passes) + pass), shard);
        stream.Shuffle(order.AsSpan());
        return order[(int)((long)part * order.Length / parts)..(int)((part + 1L) * order.Length / parts)];
    }

    private void Gather(Rollout[] played, int[][] moments, int rows)
    {
        int width = _model.Process.StateNames.Count, at = 0;
        _pass.Begin(rows);
        Span<float> inputs = _pass.Inputs;
        for (int i = 0; i < played.Length; i++)
            foreach (int moment in moments[i])
            {
                played[i].States.AsSpan(moment * width, width).CopyTo(inputs[at..]);
                at += width;
            }
    }

    /// <summary>Fills the gradients at the heads and the step's statistics, which are added up as the gradients will be.</summary>
    /// <returns>Whether all losses are finite.</returns>
    private bool Take(Rollout[] played, int[][] moments, Span<float> statistics)
    {
        float[] each = new float[played.Length * StepStatistics.Length];
        int row = 0;
        for (int i = 0; i < played.Length; i++)
        {
            double sum = 0;
            foreach (int moment in moments[i]) sum += _loss.Row(_pass, row++, played[i], moment);
            if (!float.IsFinite((float)sum)) return false;
            each[(i * StepStatistics.Length) + StepStatistics.LossSum] = (float)sum;
            each[(i * StepStatistics.Length) + StepStatistics.Examples] = moments[i].Length;
        }
        SegmentedSum.SumRows(each, StepStatistics.Length, [.. Enumerable.Range(1, played.Length)], statistics);
        return true;
    }
}
