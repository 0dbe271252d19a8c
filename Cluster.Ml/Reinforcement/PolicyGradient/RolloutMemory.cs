namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>Remembers what was played last, so that the steps that learn from it do not play it again. Used by several threads.</summary>
/// <remarks>
/// Range  answers only for the very parameters, roll-out and episodes that were asked for: what it holds never changes a bit of what is computed,
///        and a worker that has nothing, because it is new, plays again
/// Cost   the moments of one roll-out
/// </remarks>
internal sealed class RolloutMemory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Rollout> _byShard = [];
    private float[] _actor = [];
    private long _number = -1;

    /// <summary>What was played, or null.</summary>
    /// <param name="number">Which roll-out.</param>
    /// <param name="actor">The parameters that play it.</param>
    /// <param name="shard">The micro-batch.</param>
    /// <param name="ids">Its episodes.</param>
    public Rollout? Find(long number, ReadOnlySpan<float> actor, int shard, ReadOnlySpan<int> ids)
    {
        lock (_lock)
            return number == _number && actor.SequenceEqual(_actor) && _byShard.GetValueOrDefault(shard) is { } found && ids.SequenceEqual(found.Ids) ? found : null;
    }

    /// <summary>Remembers it, and forgets what others played.</summary>
    public void Add(long number, ReadOnlySpan<float> actor, int shard, Rollout played)
    {
        lock (_lock)
        {
            if (number != _number || !actor.SequenceEqual(_actor)) _byShard.Clear();
            (_number, _actor) = (number, _actor.Length == actor.Length ? _actor : new float[actor.Length]);
            actor.CopyTo(_actor);
            _byShard[shard] = played;
        }
    }
}
