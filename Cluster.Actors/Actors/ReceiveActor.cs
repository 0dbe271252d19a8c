namespace Cluster.Actors;

/// <summary>An actor whose behaviour is a table: the first entry that takes the message handles it.</summary>
public abstract class ReceiveActor : UntypedActor
{
    private HandlerTable? _configuring = new();
    private HandlerTable _initial = HandlerTable.Empty;

    protected sealed override void OnReceive(object message)
    {
        if (!InitialTable().Handle(message))
            Unhandled(message);
    }

    /// <summary>Replaces the behaviour by the table that the action fills.</summary>
    protected void Become(Action configure) => base.Become(Behaviour(configure));

    /// <summary>Puts the table that the action fills on top of the behaviour.</summary>
    protected void BecomeStacked(Action configure) => base.BecomeStacked(Behaviour(configure));

    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Configuring().Add(new ActionHandler<T>(handler, shouldHandle));

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    protected void Receive<T>(Func<T, bool> handler) => Configuring().Add(new FunctionHandler<T>(handler));

    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Configuring().Add(new ActionHandler<object>(
            handler, message => messageType.IsInstanceOfType(message) && (shouldHandle is null || shouldHandle(message))));

    protected void Receive(Type messageType, Func<object, bool> handler) =>
        Configuring().Add(new FunctionHandler<object>(message => messageType.IsInstanceOfType(message) && handler(message)));

    protected void ReceiveAny(Action<object> handler) => Configuring().AddLast(new ActionHandler<object>(handler, null));

    private HandlerTable InitialTable()
    {
        // The constructor is over with the first message: what it has declared is the initial behaviour.
        if (_configuring is { } declared)
        {
            _initial = declared;
            _configuring = null;
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

        // False makes the cell call Unhandled.
        return table.Handle;
    }

    private HandlerTable Configuring() => _configuring ?? throw new InvalidOperationException(
        $"{GetType().Name}: wanted Receive in the constructor or in the action given to Become, got it while a message is handled; move it there.");
}
