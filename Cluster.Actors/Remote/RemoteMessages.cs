namespace Cluster.Actors;

/// <summary>A message of the engine itself: small, and never kept waiting behind what actors send each other.</summary>
internal interface IControlMessage;

/// <summary>A system message between two nodes.</summary>
internal abstract record RemoteSystemMessage : IControlMessage;

internal sealed record RemoteWatch(IActorRef Watchee, IActorRef Watcher) : RemoteSystemMessage;

internal sealed record RemoteUnwatch(IActorRef Watchee, IActorRef Watcher) : RemoteSystemMessage;

internal sealed record RemoteDeath(IActorRef Actor, bool ExistenceConfirmed) : RemoteSystemMessage;

internal sealed record RemoteStop : RemoteSystemMessage;
