namespace Cluster.Actors;

/// <summary>An actor of another node.</summary>
internal sealed class RemoteActorRef(ActorRefProvider provider, ActorPath path) : ActorRefBase
{
    /// <summary>How many references a node remembers, so that the same path need not be made anew for each message.</summary>
    internal const int CachedMax = 100_000;

    private readonly NodeNetwork? _routed = provider.System.RoutedNetwork;

    public override ActorPath Path { get; } = path;

    internal override bool IsLocal => false;

    internal override ActorRefProvider Provider { get; } = provider;

    internal override ActorRefBase Parent => Path.ParentOrNull is { } parent ? Provider.Resolve(parent) : this;

    private NodeGateway? Gateway => _routed?.RunningNode ?? Provider.Gateway;

    internal override void Stop() => SendSystemMessage(new Terminate());

    internal override ActorRefBase GetSingleChild(string name) => Provider.Resolve(Path / name);

    internal override void SendSystemMessage(SystemMessage message)
    {
        if (Gateway is not { } gateway)
            DeadLetterActorRef.HandleSystem(message);
        else if (gateway.System.Provider.IsOwn(Path.Address))
            gateway.System.Provider.Resolve(Path).SendSystemMessage(message);
        else
            gateway.SendSystem(this, message);
    }

    private protected override void TellInternal(object message, IActorRef? sender)
    {
        if (Gateway is not { } gateway)
            Provider.DeadLetterRef.Handle(message, sender, this);
        else if (gateway.System.Provider.IsOwn(Path.Address))
            gateway.System.Provider.Resolve(Path).Tell(message, sender);
        else
            gateway.Send(this, message, sender);
    }
}
