namespace Cluster.Actors.Sharding;

/// <summary>Tells from a message which entity it is for, and from the entity which shard.</summary>
public interface IMessageExtractor
{
    /// <summary>Null where the message is for no entity.</summary>
    string? EntityId(object message);

    /// <summary>What the entity gets.</summary>
    object? EntityMessage(object message);

    /// <summary>The shard of the message's entity.</summary>
    string? ShardId(object message);

    /// <summary>The shard of the entity.</summary>
    string ShardId(string entityId, object? messageHint = null);
}
