namespace Cluster.Actors.Sharding.Regions;

/// <summary>Messages that wait for their shard to be found or moved; bounded over all shards together.</summary>
internal sealed class ShardBuffers(int capacity)
{
    private readonly SortedDictionary<string, Queue<(object Message, IActorRef Sender)>> _queues = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The shards for which messages wait.</summary>
    public IReadOnlyCollection<string> Shards => _queues.Keys;

    public bool Contains(string shard) => _queues.ContainsKey(shard);

    /// <summary>False where the buffer is full; the message is then lost.</summary>
    public bool TryAdd(string shard, object message, IActorRef sender)
    {
        if (_count >= capacity) return false;
        if (!_queues.TryGetValue(shard, out Queue<(object, IActorRef)>? queue)) _queues[shard] = queue = new();
        queue.Enqueue((message, sender));
        _count++;
        return true;
    }

    /// <summary>What waits for the shard, in order; it no longer waits.</summary>
    public IEnumerable<(object Message, IActorRef Sender)> Take(string shard)
    {
        if (!_queues.Remove(shard, out Queue<(object Message, IActorRef Sender)>? queue)) return [];
        _count -= queue.Count;
        return queue;
    }
}
