using Cluster.Actors.Sharding.Regions;

namespace Cluster.Actors.Sharding;

/// <summary>What a region is made from.</summary>
/// <param name="TypeName">The type of its entities.</param>
/// <param name="EntityProps">How an entity is made; null for a proxy, which runs none.</param>
/// <param name="Settings">Role, times and bounds.</param>
/// <param name="Extractor">Finds entity and shard of a message.</param>
/// <param name="HandOffStopMessage">Stops an entity whose shard moves.</param>
/// <param name="CoordinatorElements">The coordinator's path on its node.</param>
internal sealed record RegionSetup(
    string TypeName,
    Func<string, Props>? EntityProps,
    ClusterShardingSettings Settings,
    IMessageExtractor Extractor,
    object HandOffStopMessage,
    ImmutableArray<string> CoordinatorElements)
{
    public bool IsProxy => EntityProps is null;

    public Props ShardProps(string shard)
    {
        Func<string, Props> entityProps = EntityProps!;
        return Props.Create(() => new Shard(shard, entityProps, Settings, HandOffStopMessage));
    }
}
