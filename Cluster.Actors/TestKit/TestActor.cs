namespace Cluster.Actors.TestKit;

/// <summary>A message that a test actor has received.</summary>
public sealed class MessageEnvelope(object message, IActorRef sender)
{
    public object Message { get; } = message;

    public IActorRef Sender { get; } = sender;
}

/// <summary>What was received and not yet looked at.</summary>
internal sealed class TestQueue : IDisposable
{
    private readonly ConcurrentQueue<MessageEnvelope> _messages = new();
    private readonly SemaphoreSlim _available = new(0);

    internal int Count => _messages.Count;

    public void Dispose() => _available.Dispose();

    internal void Add(MessageEnvelope message)
    {
        _messages.Enqueue(message);
        _available.Release();
    }

    internal MessageEnvelope? Take(TimeSpan timeout)
    {
        if (!_available.Wait(timeout < TimeSpan.Zero ? TimeSpan.Zero : timeout))
            return null;
        return _messages.TryDequeue(out MessageEnvelope? message) ? message : null;
    }

    internal MessageEnvelope? Peek() => _messages.TryPeek(out MessageEnvelope? message) ? message : null;
}

/// <summary>Handles messages of a test actor before they are queued.</summary>
public abstract class AutoPilot
{
    public static readonly AutoPilot KeepRunning = new Same();
    public static readonly AutoPilot NoAutoPilot = new Off();

    /// <summary>The pilot for the next message.</summary>
    public abstract AutoPilot Run(IActorRef sender, object message);

    private sealed class Same : AutoPilot
    {
        public override AutoPilot Run(IActorRef sender, object message) => this;
    }

    private sealed class Off : AutoPilot
    {
        public override AutoPilot Run(IActorRef sender, object message) => this;
    }
}

/// <summary>An auto-pilot from a function.</summary>
public sealed class DelegateAutoPilot(Func<IActorRef, object, AutoPilot> run) : AutoPilot
{
    public override AutoPilot Run(IActorRef sender, object message) => run(sender, message);
}

/// <summary>The actor behind a probe: it only takes note.</summary>
internal sealed class InternalTestActor(TestQueue queue) : UntypedActor
{
    private AutoPilot _pilot = AutoPilot.NoAutoPilot;
    private Func<object, bool>? _ignore;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SetAutoPilot set:
                _pilot = set.Pilot;
                return;
            case SetIgnore set:
                _ignore = set.Ignore;
                return;
            case WatchRequest request:
                Context.Watch(request.Subject);
                return;
            case UnwatchRequest request:
                Context.Unwatch(request.Subject);
                return;
            case MakeChild make:
                make.Made.TrySetResult(Make(make));
                return;
        }

        if (_pilot is not null && !ReferenceEquals(_pilot, AutoPilot.NoAutoPilot))
        {
            AutoPilot next = _pilot.Run(Sender, message);
            if (!ReferenceEquals(next, AutoPilot.KeepRunning))
                _pilot = next;
        }

        if (_ignore is null || !_ignore(message))
            queue.Add(new MessageEnvelope(message, Sender));
    }

    private static IActorRef Make(MakeChild make) => Context.ActorOf(make.Props, make.Name);

    internal sealed record SetAutoPilot(AutoPilot Pilot);

    internal sealed record SetIgnore(Func<object, bool>? Ignore);

    internal sealed record WatchRequest(IActorRef Subject);

    internal sealed record UnwatchRequest(IActorRef Subject);

    internal sealed record MakeChild(Props Props, string? Name, TaskCompletionSource<IActorRef> Made);
}
