namespace Cluster.Actors.Persistence;

/// <summary>A persistent actor that takes commands and recovered events untyped.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    protected sealed override bool Receive(object message) => ReceiveCommand(message);

    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    protected sealed override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    protected abstract void OnCommand(object message);

    protected abstract void OnRecover(object message);

    protected void Become(UntypedReceive receive) => base.Become(UntypedActor.Wrap(receive));
}
