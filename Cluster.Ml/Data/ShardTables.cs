using Cluster.Ml.Data.Caching;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data;

/// <summary>The training rows of shards, each shard's in a table of its own: what a process holds of rows that it does not hold whole.</summary>
/// <param name="all">All rows, streamed.</param>
/// <param name="split">Which of them are whose.</param>
/// <param name="file">The source, for errors.</param>
/// <param name="storage">Shards are in memory where all rows would take at most its <see cref="RowStorage.MemoryBytesMax"/>, else mapped.</param>
/// <remarks>
/// Range  a shard's rows are there from when one is first looked at until nobody holds the shard
/// Cost   one pass over all rows for all shards that were asked for and are not open yet
/// </remarks>
internal sealed class ShardTables(RowTable all, SplitTable split, string file, RowStorage storage)
{
    private readonly Lock _asking = new(), _opening = new();
    private readonly SortedDictionary<(int Count, int Index), WeakReference<TrainingShard>> _shards = [];

    /// <summary>A shard, the same to all who hold it. Safe to use from every thread.</summary>
    public TrainingShard Shard(int index, int count)
    {
        lock (_asking)
        {
            if (_shards.TryGetValue((count, index), out WeakReference<TrainingShard>? held) && held.TryGetTarget(out TrainingShard? shard)) return shard;
            shard = new TrainingShard(index, Open, split.ShardIds(index, count));
            _shards[(count, index)] = new WeakReference<TrainingShard>(shard);
            return shard;
        }
    }

    private void Open()
    {
        lock (_opening)
        {
            (TrainingShard Shard, ShardNumbers Rows)[] wanted = [.. Wanted()];
            if (wanted.Length == 0) return;     // another thread was quicker
            ShardNumbers[] rows = [.. wanted.Select(each => each.Rows)];
            bool fit = all.BytesInMemory <= storage.MemoryBytesMax && rows.All(some => (long)some.Length * all.Columns <= NumericBuffer.LengthMax);
            RowTable[] tables = fit ? all.Copies(rows) : ShardCaches.Open(all, rows, file, storage);
            for (int i = 0; i < wanted.Length; i++) wanted[i].Shard.Take(tables[i]);
        }
    }

    /// <summary>In the order of their numbers, so that their rows are side by side.</summary>
    private List<(TrainingShard Shard, ShardNumbers Rows)> Wanted()
    {
        List<(TrainingShard, ShardNumbers)> wanted = [];
        lock (_asking)
            foreach (((int count, int index), WeakReference<TrainingShard> held) in _shards)
                if (held.TryGetTarget(out TrainingShard? shard) && !shard.IsOpen) wanted.Add((shard, split.Shard(index, count)));
        return wanted;
    }
}
