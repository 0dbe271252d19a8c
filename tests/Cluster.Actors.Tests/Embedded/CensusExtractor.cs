namespace Cluster.Actors.Tests.Embedded;

/// <summary>Each entity is its own shard.</summary>
internal sealed class CensusExtractor : IMessageExtractor
{
    public string? EntityId(object message) => message switch
    {
        CensusActor.Where where => where.Name,
        CensusActor.StopPolitely stop => stop.Name,
        _ => null,
    };

    public object? EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message);

    public string ShardId(string entityId, object? messageHint = null) => entityId;
}
