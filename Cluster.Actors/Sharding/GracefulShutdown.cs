namespace Cluster.Actors.Sharding;

/// <summary>Has a region hand over all its shards and stop.</summary>
public sealed class GracefulShutdown : IShardRegionCommand
{
    private GracefulShutdown()
    {
    }

    public static GracefulShutdown Instance { get; } = new();
}
