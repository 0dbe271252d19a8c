namespace Cluster.Actors.Sharding;

/// <summary>A message with the entity that it is for, whatever the extractor says.</summary>
public sealed record ShardingEnvelope(string EntityId, object Message);
