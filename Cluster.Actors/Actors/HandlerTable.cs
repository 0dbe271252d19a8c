namespace Cluster.Actors;

/// <summary>An ordered list of handlers, tried one after the other.</summary>
internal sealed class HandlerTable
{
    internal static readonly HandlerTable Empty = new();
    private MessageHandler[] _handlers = [];
    private bool _closed;

    internal void Add(MessageHandler handler)
    {
        if (_closed)
            throw new InvalidOperationException("ReceiveActor: wanted nothing after ReceiveAny, got another Receive; put ReceiveAny last.");
        _handlers = [.. _handlers, handler];
    }

    /// <summary>Adds the handler that takes all the rest.</summary>
    internal void AddLast(MessageHandler handler)
    {
        Add(handler);
        _closed = true;
    }

    internal bool Handle(object message)
    {
        foreach (MessageHandler handler in _handlers)
        {
            if (handler.Handle(message))
                return true;
        }

        return false;
    }
}

internal abstract class MessageHandler
{
    internal abstract bool Handle(object message);
}

internal sealed class ActionHandler<T>(Action<T> action, Predicate<T>? shouldHandle) : MessageHandler
{
    internal override bool Handle(object message)
    {
        if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed)))
            return false;
        action(typed);
        return true;
    }
}

internal sealed class FunctionHandler<T>(Func<T, bool> function) : MessageHandler
{
    internal override bool Handle(object message) => message is T typed && function(typed);
}
