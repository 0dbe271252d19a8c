namespace Cluster.Actors;

/// <summary>
/// One actor's life: its mailbox, its behaviour, its children and whom it watches. Everything here but the mailbox
/// and the children's names is touched only by the run that holds the mailbox, so it needs no lock.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext, IThreadPoolWorkItem
{
    private static readonly AsyncLocal<IActorRef?> s_implicitSender = new();
    private static bool s_hasImplicitSender;

    [ThreadStatic]
    private static ActorCell? s_current;

    private readonly EmbeddedActorSystem _system;
    private readonly LocalActorRef _self;
    private readonly ActorRefBase _parent;
    private readonly Stack<Receive> _behaviours = new(1);
    private ActorBase? _actor;
    private Envelope _currentEnvelope;

    internal ActorCell(EmbeddedActorSystem system, LocalActorRef self, Props props, ActorRefBase parent, ActorDispatcher dispatcher)
    {
        _system = system;
        _self = self;
        _parent = parent;
        Props = props;
        _dispatcher = dispatcher;
        _throughput = dispatcher.Throughput;
    }

    /// <summary>Who sends where no actor runs: a test sets its test actor, for itself and what it awaits.</summary>
    internal static IActorRef? ImplicitSender
    {
        get => s_hasImplicitSender ? s_implicitSender.Value : null;
        set
        {
            s_implicitSender.Value = value;
            s_hasImplicitSender |= value is not null;
        }
    }

    /// <summary>The cell that runs on this thread.</summary>
    internal static ActorCell? Current => s_current;

    public IActorRef Self => _self;

    public IActorRef Sender => _currentEnvelope.Sender ?? _system.DeadLetters;

    public IActorRef Parent => _parent;

    public ActorSystem System => _system;

    public Props Props { get; }

    internal EmbeddedActorSystem Owner => _system;

    internal LocalActorRef SelfRef => _self;

    internal ActorRefBase ParentRef => _parent;

    internal ActorBase? Actor => _actor;

    internal Envelope CurrentEnvelope => _currentEnvelope;

    /// <summary>Counts the messages handled, so that a stash can tell one from the next.</summary>
    internal long HandledMessages { get; private set; }

    /// <exception cref="NotSupportedException">No actor is running on this thread.</exception>
    internal static ActorCell Require() => s_current ?? throw new NotSupportedException(
        "Context: wanted to be used while an actor handles a message, got it outside; keep Self or Sender in a local variable before the task continues.");

    public void Become(Receive receive)
    {
        if (_behaviours.Count > 0)
            _behaviours.Pop();
        _behaviours.Push(receive);
    }

    public void BecomeStacked(Receive receive) => _behaviours.Push(receive);

    public void Become(UntypedReceive receive) => Become(UntypedActor.Wrap(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(UntypedActor.Wrap(receive));

    public void UnbecomeStacked()
    {
        if (_behaviours.Count > 1)
            _behaviours.Pop();
    }

    public ActorSelection ActorSelection(ActorPath actorPath) => _system.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => Actors.ActorSelection.Resolve(_system.Provider, _self, actorPath);

    /// <summary>Called by the actor's own constructor, so that a Become in it counts.</summary>
    internal void BeginIncarnation(Receive receive)
    {
        _behaviours.Clear();
        _behaviours.Push(receive);
    }

    /// <summary>Handles an envelope in place of the current one, as unwrapped timer messages are.</summary>
    internal void ReplaceCurrentMessage(object message) => _currentEnvelope = new Envelope(message, _currentEnvelope.Sender);

    private void Invoke(in Envelope envelope)
    {
        _currentEnvelope = envelope;
        HandledMessages = unchecked(HandledMessages + 1);
        object message = envelope.Message;
        _dispatcher.Trace?.Delivered(_self.Path, envelope.Sender?.Path, message);
        try
        {
            if (message is IAutoReceivedMessage)
                AutoReceive(message);
            else
                ReceiveMessage(message);
            if (_receiveTimeout is not null)
                NoteActivity(message);
            _currentEnvelope = default;
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cause, null);
        }
    }

    private void ReceiveMessage(object message)
    {
        ActorBase actor = _actor!;
        if (message is TimerMessage timer)
        {
            if (_timers?.Unwrap(timer) is not { } wanted)
                return;
            ReplaceCurrentMessage(wanted);
            message = wanted;
            if (message is IAutoReceivedMessage)
            {
                AutoReceive(message);
                return;
            }
        }

        actor.AroundReceive(_behaviours.Peek(), message);
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                ReceiveTerminated(terminated);
                break;
            case PoisonPill:
                _self.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            case ActorSelectionMessage selection:
                Actors.ActorSelection.Deliver(_self, Sender, selection);
                break;
            default:
                ReceiveMessage(message);
                break;
        }
    }

    private ActorBase NewActor()
    {
        _behaviours.Clear();
        ActorBase actor = Props.NewActor();
        if (!ReferenceEquals(actor.Cell, this))
            throw new IllegalActorStateException($"{Props.Type.Name}: wanted a new actor for {_self.Path}, got one that belongs to another; make a new one each time.");
        if (actor is IActorStash stashed)
            stashed.Stash = new Stash(this);
        if (actor is IWithTimers timed)
            timed.Timers = _timers = new TimerScheduler(this);
        return actor;
    }

    private void ClearActor(bool unstash)
    {
        _timers?.CancelAll();
        _timers = null;
        if (unstash && _actor is IActorStash { Stash: { } stash })
            stash.UnstashAll();
        _actor = null;
        _behaviours.Clear();
    }
}
