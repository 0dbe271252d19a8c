namespace Cluster.Actors;

/// <summary>Whatever a message can be sent to.</summary>
public interface ICanTell
{
    /// <summary>Sends without waiting: at most once, in order for each pair of sender and receiver.</summary>
    void Tell(object message, IActorRef? sender);
}

/// <summary>A handle to an actor, here or on another node. Sending never blocks and never fails.</summary>
public interface IActorRef : ICanTell, IComparable<IActorRef>, IEquatable<IActorRef>, IComparable
{
    /// <summary>Where the actor lives, with the number of its incarnation.</summary>
    ActorPath Path { get; }
}

/// <summary>Creates actors and looks them up.</summary>
public interface IActorRefFactory
{
    IActorRef ActorOf(Props props, string? name = null);

    ActorSelection ActorSelection(ActorPath actorPath);

    ActorSelection ActorSelection(string actorPath);
}

/// <summary>The references that always exist.</summary>
public static class ActorRefs
{
    /// <summary>The reference of nobody; what is sent to it vanishes.</summary>
    public static Nobody Nobody => Nobody.Instance;

    /// <summary>Says that a message has no sender; the receiver then sees the dead letters as its sender.</summary>
    public static IActorRef NoSender => null!;
}
