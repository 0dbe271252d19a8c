namespace Cluster.Actors;

/// <summary>Where messages end whose receiver is gone: published as <see cref="DeadLetter"/>.</summary>
internal sealed class DeadLetterActorRef(ActorRefProvider provider, ActorPath path) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;

    internal override ActorRefProvider Provider { get; } = provider;

    /// <summary>Takes a user message that could not reach its receiver.</summary>
    internal void Handle(object message, IActorRef? sender, ActorRefBase recipient)
    {
        IActorRef from = sender ?? this;
        switch (message)
        {
            case Identify identify:
                from.Tell(new ActorIdentity(identify.MessageId, null), recipient);
                return;
            case ActorSelectionMessage { Message: Identify identify, WildcardFanOut: false }:
                from.Tell(new ActorIdentity(identify.MessageId, null), recipient);
                return;
            case ActorSelectionMessage selection:
                Handle(selection.Message, sender, recipient);
                return;
            case Terminated or PoisonPill or TimerMessage:
                return;
            case DeadLetter:
                Provider.System.EventStream.Publish(message);
                return;
            case IDeadLetterSuppression suppressed:
                Provider.System.EventStream.Publish(new SuppressedDeadLetter(suppressed, from, recipient));
                return;
            default:
                Provider.System.EventStream.Publish(new DeadLetter(message, from, recipient));
                return;
        }
    }

    /// <summary>Takes a system message whose receiver is gone: who watches the dead is told so.</summary>
    internal static void HandleSystem(SystemMessage message)
    {
        if (message is Watch watch && !watch.Watchee.Equals(watch.Watcher))
            ActorRefBase.Of(watch.Watcher).SendSystemMessage(new DeathWatchNotification(watch.Watchee, false, false));
    }

    internal override void SendSystemMessage(SystemMessage message) => HandleSystem(message);

    private protected override void TellInternal(object message, IActorRef? sender) => Handle(message, sender, this);
}

/// <summary>A path of this system under which nobody lives.</summary>
internal sealed class EmptyLocalActorRef(ActorRefProvider provider, ActorPath path) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;

    internal override ActorRefProvider Provider { get; } = provider;

    internal override bool IsTerminated => true;

    internal override void SendSystemMessage(SystemMessage message) => DeadLetterActorRef.HandleSystem(message);

    private protected override void TellInternal(object message, IActorRef? sender) =>
        Provider.DeadLetterRef.Handle(message, sender, this);
}

/// <summary>The parent of the root and of the guardians' failures: it ends the system.</summary>
internal sealed class RootParentRef(ActorRefProvider provider, ActorPath path) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;

    internal override ActorRefProvider Provider { get; } = provider;

    internal override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                ActorRefBase.Of(failed.Child).Stop();
                break;
            case DeathWatchNotification:
                Provider.System.Ended();
                break;
        }
    }
}

/// <summary>Gives log lines to a delegate.</summary>
internal sealed class LogWriterRef(ActorRefProvider provider, Action<LogEvent> writer, LogLevel level) : MinimalActorRef
{
    public override ActorPath Path { get; } = provider.RootPath / "log";

    internal override ActorRefProvider Provider { get; } = provider;

    private protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is LogEvent line && line.LogLevel() >= level)
            writer(line);
    }
}

/// <summary>A path below which temporary references live.</summary>
internal sealed class VirtualPathContainer(ActorRefProvider provider, ActorPath path) : MinimalActorRef
{
    private readonly ConcurrentDictionary<string, ActorRefBase> _children = new(StringComparer.Ordinal);

    public override ActorPath Path { get; } = path;

    internal override ActorRefProvider Provider { get; } = provider;

    internal override IEnumerable<ActorRefBase> ChildRefs => _children.Values;

    internal void Add(string name, ActorRefBase reference) => _children[name] = reference;

    internal void Remove(string name) => _children.TryRemove(name, out _);

    internal override ActorRefBase GetSingleChild(string name) => _children.TryGetValue(name, out ActorRefBase? child) ? child : Nobody.Instance;
}
