using System.Text;

namespace Cluster.Actors.Sharding;

/// <summary>Spreads entities over a fixed number of shards by a hash of their ids that is the same in every process.</summary>
public abstract class HashCodeMessageExtractor : IMessageExtractor
{
    private const uint FnvOffset = 2166136261;
    private const uint FnvPrime = 16777619;

    protected HashCodeMessageExtractor(int maxNumberOfShards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNumberOfShards, 1);
        MaxNumberOfShards = maxNumberOfShards;
    }

    public int MaxNumberOfShards { get; }

    /// <summary>An extractor from functions.</summary>
    public static HashCodeMessageExtractor Create(int maxNumberOfShards, Func<object, string?> entityIdExtractor, Func<object, object>? messageExtractor = null) =>
        new Extractor(maxNumberOfShards, entityIdExtractor, messageExtractor);

    public abstract string? EntityId(object message);

    public virtual object? EntityMessage(object message) => message;

    public virtual string? ShardId(object message) =>
        (message is ShardRegion.StartEntity start ? start.EntityId : EntityId(message)) is { Length: > 0 } id ? ShardId(id) : null;

    public virtual string ShardId(string entityId, object? messageHint = null)
    {
        uint hash = FnvOffset;
        foreach (byte value in Encoding.UTF8.GetBytes(entityId)) hash = unchecked((hash ^ value) * FnvPrime);
        return (hash % (uint)MaxNumberOfShards).ToString(CultureInfo.InvariantCulture);
    }

    private sealed class Extractor(int shards, Func<object, string?> entityId, Func<object, object>? entityMessage) : HashCodeMessageExtractor(shards)
    {
        public override string? EntityId(object message) => entityId(message);

        public override object? EntityMessage(object message) => entityMessage is null ? message : entityMessage(message);
    }
}
