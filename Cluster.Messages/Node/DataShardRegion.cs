namespace Cluster.Messages.Node;

/// <summary>
/// How data shards are spread over the worker nodes: each is a sharding entity in its own sharding shard, so that
/// each moves alone. Coordinator and workers must agree on it.
/// </summary>
public sealed class DataShardRegion : IMessageExtractor
{
    /// <summary>The sharding type.</summary>
    public const string TypeName = "data-shard";

    /// <summary>The role of the nodes that hold data shards.</summary>
    public const string Role = "worker";

    /// <inheritdoc/>
    public string? EntityId(object message) => message is OpenShard open ? $"{open.Job.Value}/{open.Shard}" : null;

    /// <inheritdoc/>
    public object? EntityMessage(object message) => message;

    /// <inheritdoc/>
    public string? ShardId(object message) => EntityId(message);

    /// <inheritdoc/>
    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
