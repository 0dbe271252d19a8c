namespace Cluster.Actors;

/// <summary>An actor of this system.</summary>
public sealed class LocalActorRef : ActorRefBase
{
    private readonly EmbeddedActorSystem _system;
    private readonly NodeNetwork? _routed;
    private volatile bool _stopping;

    internal LocalActorRef(EmbeddedActorSystem system, Props props, ActorRefBase parent, ActorPath path, ActorDispatcher dispatcher)
    {
        _system = system;
        _routed = system.RoutedNetwork;
        Path = path;
        Cell = new ActorCell(system, this, props, parent, dispatcher);
    }

    public override ActorPath Path { get; }

    internal ActorCell Cell { get; }

    internal override ActorRefProvider Provider => _system.Provider;

    internal override ActorRefBase Parent => Cell.ParentRef;

    internal override bool IsTerminated => Cell.IsTerminated;

    internal override IEnumerable<ActorRefBase> ChildRefs => Cell.ChildStats().Select(child => child.Child);

    /// <summary>Whether somebody has asked it to stop.</summary>
    internal bool IsStopping => _stopping;

    internal override void Start() => Cell.SendSystem(new Create());

    internal override void Stop()
    {
        _stopping = true;
        SendSystemMessage(new Terminate());
    }

    internal override void Suspend() => SendSystemMessage(new Suspend());

    internal override void Resume(Exception? causedByFailure) => SendSystemMessage(new Resume(causedByFailure));

    internal override void Restart(Exception cause) => SendSystemMessage(new Recreate(cause));

    internal override ActorRefBase GetSingleChild(string name) => Cell.GetSingleChild(name);

    internal override void SendSystemMessage(SystemMessage message)
    {
        if (_routed is not null && _routed.ForeignNode(_system) is { } from)
            from.SendSystem(this, message);
        else
            Cell.SendSystem(message);
    }

    private protected override void TellInternal(object message, IActorRef? sender)
    {
        if (_routed is not null && _routed.ForeignNode(_system) is { } from)
            from.Send(this, message, sender);
        else
            Cell.Send(message, sender);
    }
}
