using Cluster.Coordinator.Telemetry;

namespace Cluster.Coordinator.Authority;

/// <summary>
/// Stands between the cluster's singleton and the job manager: that a node is to run the jobs is no authority to write; the
/// lease is. Takes it, then starts the manager, whose streams shut older writers out as each begins (<see cref="AuthorityTaken"/>); renews it; stops the manager when
/// somebody else has it, and stands by for it again.
/// </summary>
/// <remarks>
/// Safety    rests on tokens alone: every write is checked against the newest. A lease that expires does no harm to its
///           holder until another takes it, so a database that restarts interrupts nothing.
/// Liveness  a lost holder's lease expires by itself; every call to the database has a time limit, and is made again.
/// Messages  for the manager are passed on; they are kept while there is none, at most <see cref="StashedMax"/>.
/// Supervision  a manager that fails is restarted; one that stopped, as after a refused write, is started again under a new grant.
/// </remarks>
internal sealed class AuthorityKeeperActor : ReceiveActor, IWithTimers, IWithUnboundedStash
{
    /// <summary>Name of the job manager below this actor.</summary>
    public const string ManagerName = "manager";

    private const int StashedMax = 1000;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly AuthorityOptions _options;
    private readonly CoordinatorLimits _limits;
    private readonly Func<WriteAuthority, Props> _manager;
    private IActorRef _child = ActorRefs.Nobody;
    private long _token;
    private int _request;
    private bool _asked;
    private int _stashed;
    private string _standingBy = string.Empty;
    private string? _unreachable;
    private bool _handingOver;
    private TimeSpan _wantedSince = Context.System.Scheduler.MonotonicClock;

    public AuthorityKeeperActor(AuthorityOptions options, CoordinatorLimits limits, Func<WriteAuthority, Props> manager)
    {
        (_options, _limits, _manager) = (options, limits, manager);
        Become(Seeking);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    public static Props PropsOf(AuthorityOptions options, CoordinatorLimits limits, Func<WriteAuthority, Props> manager) =>
        Props.Create(() => new AuthorityKeeperActor(options, limits, manager));

    protected override void PreStart() => Ask();

    private void Seeking()
    {
        Receive<LeaseTick>(_ => Ask());
        Receive<LeaseAnswered>(OnSought, answer => answer.Request == _request);
        Always();
    }

    private void Holding()
    {
        Receive<LeaseTick>(_ => Ask());
        Receive<LeaseAnswered>(OnRenewed, answer => answer.Request == _request);
        Receive<Terminated>(_ => OnManagerStopped(), stopped => stopped.ActorRef.Equals(_child));
        Receive<HandOver>(_ => StepDown(handOver: true));
        Receive<LeaseAnswered>(_ => { });
        ReceiveAny(message => _child.Forward(message));
    }

    private void SteppingDown()
    {
        Receive<Terminated>(_ => OnSteppedDown(), stopped => stopped.ActorRef.Equals(_child));
        Receive<LeaseReleased>(_ => Context.Stop(Self));
        Receive<LeaseTick>(_ => { });
        Always();
    }

    private void Always()
    {
        Receive<HandOver>(_ => OnHandOver());
        Receive<LeaseAnswered>(_ => { });
        Receive<Terminated>(_ => { });
        ReceiveAny(Keep);
    }

    /// <summary>One question at a time: it is answered within the database's time limit.</summary>
    private void Ask()
    {
        if (_asked) return;
        _asked = true;
        (int request, long token) = (++_request, _token);
        bool renew = !_child.IsNobody();
        _options.Pool.Run(() => renew
            ? _options.Leases.Renew(token, _limits.LeaseDuration)
            : _options.Leases.Acquire(_options.Holder, _limits.LeaseDuration)).PipeTo(
                Self,
                success: lease => new LeaseAnswered(request, lease, null),
                failure: error => new LeaseAnswered(request, null, error));
    }

    private void OnSought(LeaseAnswered answer)
    {
        _asked = false;
        switch (answer.Lease)
        {
            case { IsGranted: true } granted:
                _unreachable = null;
                _options.Failures?.OnLease();
                _token = granted.Token;
                _standingBy = string.Empty;
                Hold();
                break;
            case { } taken:
                if (_standingBy != taken.Holder) _log.StandingBy(taken.Token, taken.Holder);
                _standingBy = taken.Holder;
                AskAfter(taken.Remaining < _limits.LeaseSeekTick ? taken.Remaining : _limits.LeaseSeekTick);
                break;
            default:
                OnUnreachable(answer.Error!);
                AskAfter(_limits.LeaseTick);
                break;
        }
    }

    private void Hold()
    {
        _log.AuthorityTaken(_token, _options.Holder);
        _child = Context.Watch(Context.ActorOf(_manager(new WriteAuthority(_token, _options.Leases) { WantedSince = _wantedSince }), ManagerName));
        Become(Holding);
        Timers.StartPeriodicTimer(nameof(LeaseTick), LeaseTick.Instance, _limits.LeaseTick);
        _stashed = 0;
        Stash.UnstashAll();
    }

    private void OnUnreachable(Exception error)
    {
        _options.Failures?.Note(error);
        if (_unreachable == error.Message) return;      // the same again: it was said
        _unreachable = error.Message;
        _log.LeaseUnreachable(_options.Holder, error.Message);
    }

    private void OnRenewed(LeaseAnswered answer)
    {
        _asked = false;
        if (answer.Lease is null) OnUnreachable(answer.Error!);
        else if (!answer.Lease.IsGranted)
        {
            _log.AuthorityLost(_token, answer.Lease.Token, answer.Lease.Holder);
            StepDown(handOver: false);
        }
        else
        {
            _unreachable = null;
            _options.Failures?.OnLease();
        }
    }

    /// <summary>As a rule a write failed, and the lease has gone to another; if not, a new grant makes a clean start.</summary>
    private void OnManagerStopped()
    {
        _log.ManagerStopped(_token);
        Leave();
        AskAfter(_limits.BackoffMin);
    }

    private void StepDown(bool handOver)
    {
        _handingOver |= handOver;
        Timers.CancelAll();
        Become(SteppingDown);
        Context.Stop(_child);
    }

    /// <summary>Nothing writes any more but what was on its way, and that is checked.</summary>
    private void OnSteppedDown()
    {
        if (_handingOver) Release();
        else
        {
            Leave();
            AskAfter(_limits.LeaseTick);
        }
    }

    private void OnHandOver()
    {
        bool writes = !_child.IsNobody();
        _handingOver = true;
        if (writes) return;         // it is being stopped already
        Timers.CancelAll();
        Become(SteppingDown);
        Release();
    }

    private void Release()
    {
        long token = _token;
        _options.Pool.Run(() =>
        {
            _options.Leases.Release(token);
            return LeaseReleased.Instance;
        }).PipeTo(Self, success: released => released, failure: _ => LeaseReleased.Instance);
    }

    private void Leave()
    {
        Timers.CancelAll();
        _child = ActorRefs.Nobody;
        _wantedSince = Context.System.Scheduler.MonotonicClock;
        _asked = false;
        _request++;
        Become(Seeking);
    }

    private void AskAfter(TimeSpan pause) =>
        Timers.StartSingleTimer(nameof(LeaseTick), LeaseTick.Instance, pause > TimeSpan.Zero ? pause : TimeSpan.FromMilliseconds(1));

    /// <summary>Whoever asks without an answer asks again, so that the newest may be dropped.</summary>
    private void Keep(object message)
    {
        if (++_stashed <= StashedMax) Stash.Stash();
        else Context.System.DeadLetters.Tell(message, Sender);
    }
}
