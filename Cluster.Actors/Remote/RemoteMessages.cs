namespace Cluster.Actors;

/// <summary>A system message between two nodes.</summary>
internal abstract record RemoteSystemMessage;

internal sealed record RemoteWatch(IActorRef Watchee, IActorRef Watcher) : RemoteSystemMessage;

internal sealed record RemoteUnwatch(IActorRef Watchee, IActorRef Watcher) : RemoteSystemMessage;

internal sealed record RemoteDeath(IActorRef Actor, bool ExistenceConfirmed) : RemoteSystemMessage;

internal sealed record RemoteStop : RemoteSystemMessage;
