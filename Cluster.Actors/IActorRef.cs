namespace Cluster.Actors;

/// <summary>A handle to an actor, here or on another node. Sending never blocks and never fails.</summary>
public interface IActorRef;
