namespace Cluster.Actors;

/// <summary>
/// A message that keeps the cluster together: small, and never kept waiting behind what actors send each other. So it has no place in
/// the order of messages between two actors; whatever needs one, such as a shard's hand-over, travels with the actors' own.
/// </summary>
internal interface IControlMessage;

/// <summary>A system message between two nodes.</summary>
internal abstract record RemoteSystemMessage;

internal sealed record RemoteWatch(IActorRef Watchee, IActorRef Watcher) : RemoteSystemMessage, IControlMessage;

internal sealed record RemoteUnwatch(IActorRef Watchee, IActorRef Watcher) : RemoteSystemMessage, IControlMessage;

/// <summary>The actor has ended. It comes after the last that the actor said, as on one node.</summary>
internal sealed record RemoteDeath(IActorRef Actor, bool ExistenceConfirmed) : RemoteSystemMessage;

internal sealed record RemoteStop : RemoteSystemMessage, IControlMessage;
