namespace Cluster.Actors.Sharding.Coordination;

/// <summary>What a decision has the coordinator send.</summary>
internal readonly record struct Outgoing(IActorRef To, IShardingMessage Message);
