namespace Cluster.Actors;

/// <summary>Keeps one child alive, with pauses that double from failure to failure; passes on all other messages to it.</summary>
public sealed class BackoffSupervisor : ActorBase
{
    private readonly BackoffOptions _options;
    private IActorRef? _child;
    private int _restarts;
    private bool _finalStop;
    private bool _failing;

    internal BackoffSupervisor(BackoffOptions options) => _options = options;

    public static Props Props(BackoffOptions options) => options.Props;

    public static Props PropsWithSupervisorStrategy(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, OneForOneStrategy strategy) =>
        Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, -1).WithSupervisorStrategy(strategy).Props;

    protected override void PreStart() => StartTheChild();

    protected override SupervisorStrategy SupervisorStrategy() => _options.Kind == BackoffKind.OnStop
        ? new OneForOneStrategy(_options.MaxRetries, null, _options.Decider)
        : new OneForOneStrategy(Decide);

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case StartChild:
                StartTheChild();
                if (_options.ResetAfter is { } after)
                    Context.System.Scheduler.ScheduleTellOnce(after, Self, new ResetRestartCount(_restarts), Self);
                return true;
            case ResetRestartCount reset:
                if (reset.Current == _restarts)
                    _restarts = 0;
                return true;
            case Reset when _options.ResetAfter is null:
                _restarts = 0;
                return true;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child!), Self);
                return true;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts), Self);
                return true;
            case Terminated terminated when terminated.ActorRef.Equals(_child):
                ChildEnded();
                return true;
            default:
                PassOn(message);
                return true;
        }
    }

    private Directive Decide(Exception cause)
    {
        Directive directive = _options.Decider.Decide(cause);
        if (directive != Directive.Restart)
            return directive;
        // A restart is done by hand: the child stops now and is started again after the pause.
        _failing = true;
        return Directive.Stop;
    }

    private void ChildEnded()
    {
        _child = null;
        bool again = _options.Kind == BackoffKind.OnStop || _failing;
        _failing = false;
        if (!again || _finalStop || (_options.MaxRetries >= 0 && _restarts >= _options.MaxRetries))
        {
            Context.Stop(Self);
            return;
        }

        TimeSpan pause = Pause(_restarts, ((EmbeddedActorSystem)Context.System).NextJitter());
        _restarts++;
        Context.System.Scheduler.ScheduleTellOnce(pause, Self, StartChild.Instance, Self);
    }

    private void StartTheChild()
    {
        _child ??= Context.Watch(Context.ActorOf(_options.ChildProps, _options.ChildName));
    }

    private void PassOn(object message)
    {
        if (Sender.Equals(_child))
        {
            Context.Parent.Tell(message, Self);
            return;
        }

        if (_options.FinalStopMessage?.Invoke(message) == true)
        {
            _finalStop = true;
            if (_child is null)
                Context.Stop(Self);
        }

        if (_child is not null)
            _child.Forward(message);
        else if (_options.ReplyWhileStopped is { } reply)
            Sender.Tell(reply, Self);
        else
            Context.System.DeadLetters.Forward(message);
    }

    private TimeSpan Pause(int restarts, double jitter)
    {
        double factor = 1.0 + (jitter * _options.RandomFactor);
        double ticks = restarts >= 30 ? double.MaxValue : _options.MinBackoff.Ticks * Math.Pow(2, restarts);
        double capped = Math.Min(_options.MaxBackoff.Ticks, ticks) * factor;
        return capped >= TimeSpan.MaxValue.Ticks ? TimeSpan.MaxValue : TimeSpan.FromTicks((long)capped);
    }

    public sealed class GetCurrentChild
    {
        private GetCurrentChild()
        {
        }

        public static readonly GetCurrentChild Instance = new();
    }

    public sealed class CurrentChild(IActorRef @ref)
    {
        public IActorRef Ref { get; } = @ref;
    }

    public sealed class Reset
    {
        private Reset()
        {
        }

        public static readonly Reset Instance = new();
    }

    public sealed class GetRestartCount
    {
        private GetRestartCount()
        {
        }

        public static readonly GetRestartCount Instance = new();
    }

    public sealed class RestartCount(int count)
    {
        public int Count { get; } = count;
    }

    private sealed class StartChild : IDeadLetterSuppression
    {
        internal static readonly StartChild Instance = new();

        public object Message => this;

        public IActorRef Sender => ActorRefs.Nobody;

        public IActorRef Recipient => ActorRefs.Nobody;
    }

    private sealed record ResetRestartCount(int Current);
}
