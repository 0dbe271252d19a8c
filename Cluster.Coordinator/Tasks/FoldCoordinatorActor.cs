using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.ParameterServer;
using Cluster.Coordinator.Privacy;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Tasks;

/// <summary>
/// Cross-validates one job: gives its folds to the runners of the workers, one at a time each, and again to another when a
/// node is lost or silent. Each result is journalled, so a restart computes none of them twice.
/// </summary>
internal sealed class FoldCoordinatorActor : ReceivePersistentActor, IWithTimers
{
    private const string WorkerRole = "worker";

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SubmitJob _submitted;
    private readonly int _run;
    private readonly CoordinatorServices _services;
    private readonly FoldTable _folds;
    private readonly ActorCluster _cluster = ActorCluster.Get(Context.System);
    private readonly IActorRef _dataSource;
    private int _journalledRun = 1;
    private string? _dataSha256;        // of the rows that folds are cut from; null until they are read
    private PrivacySecret? _secret;     // null until it is needed
    private RowsIdentified? _rows;
    private JobFinished? _finished;

    public FoldCoordinatorActor(SubmitJob submitted, int run, CoordinatorServices services)
    {
        _submitted = submitted;
        _run = run;
        _services = services;
        _folds = new FoldTable(submitted.Folds, services.Limits);
        _dataSource = Context.ActorOf(
            DataSourceActor.PropsOf(submitted.Job, new DataSource(submitted.Job, () => SourceFiles.Of(JobContext.Parse(submitted).Data), services.Roots), services.Compute), "data");
        StreamClaim claim = new(services.Authority);
        Recover<AuthorityTaken>(claim.OnRecovered);
        Recover<TaskCompleted>(_folds.OnCompleted);
        Recover<JobFinished>(finished => _finished = finished);
        Recover<SecretDrawn>(drawn => _secret = drawn.Secret);
        Recover<JobResumed>(resumed => (_journalledRun, _finished) = (resumed.Run, null));
        Recover<RecoveryCompleted>(_ => claim.Begin(this, OnRecovered));
        Command<RowsIdentified>(OnIdentified);
        Command<RowsNotIdentified>(OnNotIdentified);
        Command<TaskStarted>(started => _folds.OnStarted(NodeOf(Sender), started.Task.Index));
        Command<TaskRefused>(refused => _folds.OnRefused(NodeOf(Sender), refused.Task.Index, Context.System.Scheduler.Now));
        Command<TaskCompleted>(OnCompleted, completed => IsAsked(completed.Task));
        Command<TaskFailed>(
            failed => End(Result(JobStatus.Failed, failed.Kind, $"fold {failed.Task.Index}, worker {failed.Worker}: {failed.Reason}")), failed => IsAsked(failed.Task));
        Command<TaskCompleted>(_ => { });
        Command<TaskFailed>(_ => { });
        Command<ClusterEvent.MemberRemoved>(gone => OnLost(gone.Member.Address, "its node was removed"));
        Command<ClusterEvent.UnreachableMember>(gone => OnLost(gone.Member.Address, "its node is unreachable"));
        Command<ClusterEvent.IClusterDomainEvent>(_ => Assign());
        Command<ClusterEvent.CurrentClusterState>(_ => Assign());
        Command<CommandTick>(_ => Assign());
        Command<CancelJob>(OnCancel);
        Command<DescribeSource>(_dataSource.Forward);
    }

    public override string PersistenceId => $"job-{_submitted.Job}";

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props PropsOf(SubmitJob submitted, int run, CoordinatorServices services) =>
        Props.Create(() => new FoldCoordinatorActor(submitted, run, services));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _services.Refused(_log, PersistenceId, cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _services.Refused(_log, PersistenceId, cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _services.Refused(_log, PersistenceId, reason);

    private void OnRecovered()
    {
        if (_run > _journalledRun) Persist(new JobResumed(_submitted.Job, _run), _ =>
        {
            _finished = null;
            Begin();
        });
        else if (_finished is not null) Context.Parent.Tell(new RunEnded(_run, _finished));
        else Begin();
    }

    private void Begin()
    {
        _log.JobStarted(_submitted.Job, _run);
        _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Timers.StartPeriodicTimer(nameof(CommandTick), CommandTick.Instance, _services.Limits.TaskTick);
        if (_folds.IsComplete) End(Result(JobStatus.Completed));
        else Identify();
    }

    /// <summary>Every runner must come to the rows that are here, whichever fold it is given.</summary>
    private void Identify()
    {
        PrivacySecret secret = _secret ?? _services.DrawSecret();
        _services.Compute.Run(() => DataRoots.Read(_services.Roots, () => Identify(secret))).PipeTo(
            Self, success: rows => rows, failure: reason => new RowsNotIdentified(reason));
    }

    /// <summary>Of a private job what all folds spend is in the data's ledger before any is trained: each row is in all folds but one.</summary>
    private RowsIdentified Identify(PrivacySecret secret)
    {
        JobSpec spec = JobContext.Parse(_submitted);
        PreparedData data = PreparedData.LoadFold(spec, Learners.NumbersFor(spec), 0, _submitted.Folds, _services.Storage);
        if (PrivacyPlan.For(spec, data.Shape.TrainingExamples) is not { } plan) return new RowsIdentified(data.SourceSha256, null, null, []);
        DataSpending spending = new(SourceIdentity.Of(spec.Data), $"{secret.Identity}/{_submitted.Folds}", spec.Name, plan.StepsAllowed, plan, _submitted.Folds - 1);
        return new RowsIdentified(data.SourceSha256, secret, spending, _services.Ledger.Enter(spending));
    }

    private void OnIdentified(RowsIdentified rows)
    {
        _rows = rows;
        if (rows.Secret is { } secret && _secret is null) Persist(new SecretDrawn(_submitted.Job, secret), drawn =>
        {
            _secret = drawn.Secret;
            BeginFolds(rows.Sha256);
        });
        else BeginFolds(rows.Sha256);
    }

    private void BeginFolds(string dataSha256)
    {
        _dataSha256 = dataSha256;
        Assign();
    }

    private void OnNotIdentified(RowsNotIdentified failed)
    {
        string told = DataRoots.TextOf(_services.Roots, failed.Reason, _submitted.Job.Value);
        if (told != failed.Reason.Message) _log.DataRefused(_submitted.Job, failed.Reason.Message);
        End(Result(JobStatus.Failed, JobReports.KindOf(failed.Reason), told));
    }

    private void Assign()
    {
        if (_finished is not null || _dataSha256 is not { } dataSha256) return;
        Address[] runners = [.. _cluster.State.Members
            .Where(member => member.Status == MemberStatus.Up && member.HasRole(WorkerRole) && !_cluster.State.Unreachable.Contains(member))
            .Select(member => member.Address)];
        foreach (Assignment assignment in _folds.Assign(runners, Context.System.Scheduler.Now))
            Context.System.ActorSelection(new RootActorPath(assignment.Runner) / "user" / "tasks").Tell(
                new RunTask(
                    new TaskId(_submitted.Job, assignment.Index), TaskKind.Fold, _submitted.Folds,
                    _submitted.JobText, _submitted.BaseDirectory, dataSha256, Self, KeyOf(assignment.Index)),
                Self);
    }

    private KeyBytes? KeyOf(int fold) => _secret is null ? null : new KeyBytes(_secret.OfFold(fold).ToBytes());

    /// <summary>A reference to an actor of this node names no host.</summary>
    private Address NodeOf(IActorRef runner) =>
        runner.Path.Address.HasLocalScope ? _cluster.SelfAddress : runner.Path.Address;

    /// <summary>Whether the sender was given the fold; if it was not, it is named.</summary>
    private bool IsAsked(TaskId task)
    {
        if (task.Job == _submitted.Job && _folds.IsGiven(NodeOf(Sender), task.Index)) return true;
        _log.WordRefused(_submitted.Job, NodeOf(Sender), $"what came of fold {task.Index}, which it was not given");
        return false;
    }

    private void OnLost(Address runner, string reason)
    {
        if (_folds.OnLost(runner) is { } index) _log.TaskReassigned(new TaskId(_submitted.Job, index), reason);
        Assign();
    }

    private void OnCompleted(TaskCompleted completed)
    {
        if (_finished is not null || !_folds.IsNew(completed)) return;
        Persist(completed, result =>
        {
            _folds.OnCompleted(result);
            _services.Progress.Report(new StepsProgressed(
                _submitted.Job, _folds.Completed, _submitted.Folds, 0, 1, double.NaN, double.NaN, 0, _folds.Runners));
            if (_folds.IsComplete) End(Result(JobStatus.Completed));
            else Assign();
        });
    }

    private void OnCancel(CancelJob cancel)
    {
        Sender.Tell(new JobCancelling(cancel.Job));
        End(Result(JobStatus.Cancelled));
    }

    private JobFinished Result(JobStatus status, FailureKind? kind = null, string reason = "") => new(
        _submitted.Job, status, string.Empty, string.Empty, 0, 0, [], [], [], _folds.IsComplete ? _folds.Figures() : [], [],
        EpsilonWith([]), _rows?.Spending?.Plan.Delta ?? double.NaN, kind, reason, EpsilonWith(_rows?.Others));

    private double EpsilonWith(IReadOnlyList<PrivacyEntry>? others) =>
        _rows?.Spending is { } spending ? spending.EpsilonWith(others ?? [], spending.Steps) : double.NaN;

    private void End(JobFinished finished)
    {
        if (_finished is not null) return;
        _finished = finished;
        Timers.CancelAll();
        Persist(finished, entry =>
        {
            _log.JobEnded(_submitted.Job, entry.Status.ToString(), entry.Reason);
            Context.Parent.Tell(new RunEnded(_run, entry));
        });
    }

    private sealed record RowsIdentified(
        string Sha256, PrivacySecret? Secret, DataSpending? Spending, IReadOnlyList<PrivacyEntry> Others) : INoSerializationVerificationNeeded;

    private sealed record RowsNotIdentified(Exception Reason) : INoSerializationVerificationNeeded;
}
