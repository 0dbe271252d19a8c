namespace Cluster.Actors.Sharding;

/// <summary>Asks a region which shards and entities it runs; it answers <see cref="CurrentShardRegionState"/>.</summary>
public sealed class GetShardRegionState : IShardRegionQuery
{
    private GetShardRegionState()
    {
    }

    public static GetShardRegionState Instance { get; } = new();
}
