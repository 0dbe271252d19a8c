namespace Cluster.Actors.Sharding;

/// <summary>A shard and the entities that live in it.</summary>
public sealed record ShardState(string ShardId, IImmutableSet<string> EntityIds)
{
    public bool Equals(ShardState? other) => other is not null && ShardId == other.ShardId && EntityIds.SetEquals(other.EntityIds);

    public override int GetHashCode() => ShardId.GetHashCode(StringComparison.Ordinal);
}
