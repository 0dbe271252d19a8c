namespace Cluster.Actors;

/// <summary>Every reference of this engine.</summary>
public abstract class ActorRefBase : IActorRef
{
    private protected ActorRefBase()
    {
    }

    public abstract ActorPath Path { get; }

    /// <summary>Whether the actor lives in this process's system that made the reference.</summary>
    internal virtual bool IsLocal => true;

    /// <summary>The engine's own reference behind one that a test or a user holds.</summary>
    internal static ActorRefBase Of(IActorRef reference) => reference switch
    {
        ActorRefBase own => own,
        IWrapsActorRef wrapper => Of(wrapper.Wrapped),
        _ => throw new ArgumentException($"ActorRef: wanted a reference of this engine, got {reference.GetType()}; use those that ActorOf returns."),
    };

    internal abstract ActorRefProvider Provider { get; }

    internal virtual ActorRefBase Parent => Nobody.Instance;

    internal virtual bool IsTerminated => false;

    internal virtual IEnumerable<ActorRefBase> ChildRefs => [];

    public void Tell(object message, IActorRef? sender)
    {
        if (message is null)
            throw new InvalidMessageException();
        TellInternal(message, sender);
    }

    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public override int GetHashCode() => unchecked(Path.GetHashCode() ^ (int)Path.Uid);

    public int CompareTo(IActorRef? other)
    {
        if (other is null)
            return 1;
        int byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    public int CompareTo(object? obj) => CompareTo(obj as IActorRef);

    public override string ToString() => $"[{Path.ToStringWithUid()}]";

    public static bool operator ==(ActorRefBase? left, ActorRefBase? right) => Equals(left, right);

    public static bool operator !=(ActorRefBase? left, ActorRefBase? right) => !Equals(left, right);

    public static bool operator <(ActorRefBase? left, ActorRefBase? right) => Comparer<IActorRef>.Default.Compare(left, right) < 0;

    public static bool operator >(ActorRefBase? left, ActorRefBase? right) => Comparer<IActorRef>.Default.Compare(left, right) > 0;

    public static bool operator <=(ActorRefBase? left, ActorRefBase? right) => Comparer<IActorRef>.Default.Compare(left, right) <= 0;

    public static bool operator >=(ActorRefBase? left, ActorRefBase? right) => Comparer<IActorRef>.Default.Compare(left, right) >= 0;

    internal virtual void Start()
    {
    }

    internal virtual void Stop()
    {
    }

    internal virtual void Suspend()
    {
    }

    internal virtual void Resume(Exception? causedByFailure)
    {
    }

    internal virtual void Restart(Exception cause)
    {
    }

    internal virtual void SendSystemMessage(SystemMessage message)
    {
    }

    /// <summary>The child of that name; <see cref="Nobody"/> where there is none.</summary>
    internal virtual ActorRefBase GetSingleChild(string name) => Nobody.Instance;

    private protected abstract void TellInternal(object message, IActorRef? sender);
}

/// <summary>A reference without a cell behind it: override what it shall do.</summary>
public abstract class MinimalActorRef : ActorRefBase
{
    private protected override void TellInternal(object message, IActorRef? sender)
    {
    }
}

/// <summary>The reference of nobody.</summary>
public sealed class Nobody : MinimalActorRef
{
    private Nobody()
    {
    }

    public static Nobody Instance { get; } = new();

    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "Nobody";

    internal override ActorRefProvider Provider => throw new NotSupportedException("Nobody belongs to no system.");
}
