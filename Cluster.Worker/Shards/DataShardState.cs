using Cluster.Messages;
using Cluster.Worker.Data;

namespace Cluster.Worker.Shards;

/// <summary>What a data shard is to do next.</summary>
internal enum ShardStep
{
    /// <summary>Nothing: an older request, or the rows are being loaded.</summary>
    Wait,

    /// <summary>Load the rows of <see cref="DataShardState.Wanted"/>.</summary>
    Load,

    /// <summary>Tell the node's worker that the rows are here.</summary>
    Announce,
}

/// <summary>One data shard: what was last asked of it, and the rows once it has them.</summary>
internal sealed class DataShardState
{
    private OpenShard? _loading;
    private OpenShard? _loaded;

    /// <summary>The newest request.</summary>
    public OpenShard? Wanted { get; private set; }

    /// <summary>What is being loaded; null while nothing is.</summary>
    public OpenShard? Loading => _loading;

    /// <summary>The rows; null until they are loaded.</summary>
    public ShardRows? Rows { get; private set; }

    /// <summary>The shard is opened, or opened again by the same or a newer parameter server.</summary>
    public ShardStep OnOpen(OpenShard open)
    {
        if (Wanted is not null && open.Incarnation < Wanted.Incarnation) return ShardStep.Wait;
        Wanted = open;
        if (_loaded is not null && IsSameData(_loaded, open)) return ShardStep.Announce;
        if (_loading is not null) return ShardStep.Wait;
        _loading = open;
        return ShardStep.Load;
    }

    /// <summary>The rows of the request that was being loaded are here.</summary>
    public ShardStep OnLoaded(ShardRows rows)
    {
        (_loaded, _loading) = (_loading, null);
        if (!IsSameData(_loaded!, Wanted!))
        {
            (_loaded, _loading) = (null, Wanted);
            return ShardStep.Load;
        }
        Rows = rows;
        return ShardStep.Announce;
    }

    // The same job may come back with another text: an interrupted run is resumed with other settings.
    private static bool IsSameData(OpenShard one, OpenShard other) =>
        one.JobText == other.JobText && one.BaseDirectory == other.BaseDirectory && one.ShardCount == other.ShardCount && one.DataSha256 == other.DataSha256;
}
