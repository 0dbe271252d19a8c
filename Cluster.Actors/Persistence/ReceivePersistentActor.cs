namespace Cluster.Actors.Persistence;

/// <summary>A persistent actor whose commands and recovery are tables: the first entry that takes the message handles it.</summary>
public abstract class ReceivePersistentActor : Eventsourced
{
    private readonly HandlerTable _recover = new();
    private HandlerTable? _configuring = new();
    private HandlerTable _initial = HandlerTable.Empty;
    private bool _recoverClosed;

    protected sealed override bool Receive(object message) => ReceiveCommand(message);

    protected sealed override bool ReceiveCommand(object message) => InitialTable().Handle(message);

    protected sealed override bool ReceiveRecover(object message)
    {
        InitialTable();
        return _recover.Handle(message);
    }

    /// <summary>Replaces the command behaviour by the table that the action fills.</summary>
    protected void Become(Action configure) => base.Become(Behaviour(configure));

    /// <summary>Puts the table that the action fills on top of the command behaviour.</summary>
    protected void BecomeStacked(Action configure) => base.BecomeStacked(Behaviour(configure));

    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Configuring().Add(new ActionHandler<T>(handler, shouldHandle));

    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    protected void Command<T>(Func<T, bool> handler) => Configuring().Add(new FunctionHandler<T>(handler));

    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Configuring().Add(new ActionHandler<object>(
            handler, message => messageType.IsInstanceOfType(message) && (shouldHandle is null || shouldHandle(message))));

    protected void Command(Action<object> handler) => CommandAny(handler);

    protected void CommandAny(Action<object> handler) => Configuring().AddLast(new ActionHandler<object>(handler, null));

    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Recovering().Add(new ActionHandler<T>(handler, shouldHandle));

    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    protected void Recover<T>(Func<T, bool> handler) => Recovering().Add(new FunctionHandler<T>(handler));

    protected void RecoverAny(Action<object> handler) => Recovering().AddLast(new ActionHandler<object>(handler, null));

    private HandlerTable InitialTable()
    {
        // The constructor is over with the first message: what it has declared is the initial behaviour.
        if (_configuring is { } declared)
        {
            _initial = declared;
            _configuring = null;
            _recoverClosed = true;
        }

        return _initial;
    }

    private Receive Behaviour(Action configure)
    {
        HandlerTable? outer = _configuring;
        HandlerTable table = new();
        _configuring = table;
        try
        {
            configure();
        }
        finally
        {
            _configuring = outer;
        }

        return table.Handle;
    }

    private HandlerTable Configuring() => _configuring ?? throw new InvalidOperationException(
        $"{GetType().Name}: wanted Command in the constructor or in the action given to Become, got it while a message is handled; move it there.");

    private HandlerTable Recovering() => !_recoverClosed ? _recover : throw new InvalidOperationException(
        $"{GetType().Name}: wanted Recover in the constructor, got it while a message is handled; move it there.");
}
