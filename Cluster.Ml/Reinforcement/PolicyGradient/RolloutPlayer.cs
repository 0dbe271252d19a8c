using Cluster.Ml.Data;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>Plays the episodes of micro-batches and judges their moments, on one thread.</summary>
/// <remarks>
/// Determinism  an episode depends on (seed, roll-out, its number, parameters) alone: any worker plays the same one
/// Cost         allocates what it plays
/// </remarks>
internal sealed class RolloutPlayer(PolicyModel model, ulong seed)
{
    private const int RowsAtOnce = 1024;

    private readonly EpisodePlayer _player = new(model);
    private readonly NetworkPass _pass = new(model.Learning);

    /// <summary>Plays what is missing.</summary>
    /// <param name="actor">The parameters that play, and whose baseline judges.</param>
    /// <param name="number">Which roll-out of the training it is, from 0.</param>
    /// <param name="batches">Micro-batches; their rows are episodes.</param>
    /// <param name="played">[batches]: filled where it is null.</param>
    public void Play(ReadOnlySpan<float> actor, long number, ReadOnlySpan<MicroBatch> batches, Span<Rollout?> played)
    {
        List<Episode> all = [];
        int[][] ids = new int[batches.Length][];
        for (int i = 0; i < batches.Length; i++)
        {
            if (played[i] is not null) continue;
            ids[i] = IdsOf(batches[i]);
            foreach (int id in ids[i]) all.Add(Begin(number, id));
        }
        _player.Play(actor, all, learns: true);
        int next = 0;
        for (int i = 0; i < batches.Length; i++)
        {
            if (played[i] is not null) continue;
            played[i] = Judge(actor, ids[i], all.GetRange(next, ids[i].Length));
            next += ids[i].Length;
        }
    }

    /// <summary>The numbers of a micro-batch's episodes.</summary>
    public static int[] IdsOf(in MicroBatch batch)
    {
        int[] ids = new int[batch.Count];
        for (int i = 0; i < ids.Length; i++) ids[i] = batch.Shard.Ids[batch.Positions.Span[i]];
        return ids;
    }

    private Episode Begin(long number, int id)
    {
        Episode episode = new(new double[model.Process.StateNames.Count])
        {
            Chance = RandomStream.At(seed, RandomPurpose.Episode, number, id),
            Choice = RandomStream.At(seed, RandomPurpose.Action, number, id),
        };
        model.Process.Start(ref episode.Chance, episode.State);
        return episode;
    }

    private Rollout Judge(ReadOnlySpan<float> actor, int[] ids, List<Episode> episodes)
    {
        int width = model.Process.StateNames.Count, moments = episodes.Sum(episode => episode.Steps);
        float[] states = new float[moments * width];
        double[] advantages = new double[moments], targets = new double[moments];
        int at = 0;
        foreach (Episode episode in episodes)
        {
            double[] values = ValuesOf(actor, episode);
            Span<double> own = advantages.AsSpan(at, episode.Steps);
            Advantages.Of(CollectionsOf(episode.Rewards), values, model.Options.Discount, model.Options.Lambda, own);
            for (int t = 0; t < episode.Steps; t++) targets[at + t] = own[t] + values[t];
            CollectionsOf(episode.States)[..(episode.Steps * width)].CopyTo(states.AsSpan(at * width));
            at += episode.Steps;
        }
        if (model.Options.Normalize && moments > 0) Advantages.Normalize(advantages);
        return new Rollout(
            ids, states, [.. episodes.SelectMany(episode => episode.Actions)], [.. episodes.SelectMany(episode => episode.LogProbabilities)], advantages, targets);
    }

    /// <summary>What the baseline expects in each state, [actions + 1]; 0 after the end.</summary>
    private double[] ValuesOf(ReadOnlySpan<float> actor, Episode episode)
    {
        int width = model.Process.StateNames.Count, rows = episode.States.Count / width;
        double[] values = new double[episode.Steps + 1];
        ReadOnlySpan<float> states = CollectionsOf(episode.States);
        for (int first = 0; first < rows; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, rows - first);
            _pass.Begin(count);
            states.Slice(first * width, count * width).CopyTo(_pass.Inputs);
            _pass.Forward(actor, random: null);
            ReadOnlySpan<float> said = _pass.OutputOf(model.Learning.Heads[1]);
            for (int i = 0; i < count; i++) values[first + i] = said[i];
        }
        return values;
    }

    private static Span<T> CollectionsOf<T>(List<T> list) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list);
}
