namespace Cluster.Actors.Sharding;

/// <summary>
/// Sent by an entity to its parent to be stopped: the parent sends the stop message back and keeps what comes meanwhile for the
/// entity's next life.
/// </summary>
public sealed record Passivate(object StopMessage) : IShardRegionCommand, INoSerializationVerificationNeeded;
