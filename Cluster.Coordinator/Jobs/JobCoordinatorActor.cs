using Cluster.Coordinator.Authority;
using Cluster.Coordinator.ParameterServer;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Ml.Data;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// Runs one job: follows the training course, journals every decision before acting on it, and repeats each command to
/// the parameter server until it is answered.
/// </summary>
/// <remarks>
/// Supervision  a parameter server that fails or stops is started again after a pause that doubles, from its checkpoint;
///              too many failures without a step between them fail the job, and so does the second of one kind at one step
/// </remarks>
internal sealed partial class JobCoordinatorActor : ReceivePersistentActor, IWithTimers
{
    private const string ChildName = "parameters";

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SubmitJob _submitted;
    private readonly int _run;
    private readonly CoordinatorServices _services;
    private readonly ChildFailures _failures;
    private readonly List<object> _journalled = [];
    private PrivacySecret? _secret;
    private JobContext? _job;
    private JobCoordinatorState? _state;
    private IActorRef? _parameters;
    private JobFinished? _finished;
    private ImmutableArray<NamedFigure> _exchange = [];
    private SpendingEntered? _spent;       // of its data, by this and other runs; null until the parameter server has said so
    private TimeSpan? _lostAt;

    public JobCoordinatorActor(SubmitJob submitted, int run, CoordinatorServices services, TimeSpan? lostAt)
    {
        _lostAt = lostAt;
        _submitted = submitted;
        _run = run;
        _services = services;
        _failures = new ChildFailures(submitted.Job, "the parameter server", services.Limits);
        StreamClaim claim = new(services.Authority);
        Recover<AuthorityTaken>(claim.OnRecovered);
        Recover<JobFinished>(finished => _finished = finished);
        Recover<JobResumed>(OnRecoveredResume);
        Recover<SecretDrawn>(drawn => _secret = drawn.Secret);
        Recover<RecoveryCompleted>(_ => claim.Begin(this, OnRecovered));
        RecoverAny(entry => _journalled.Add(entry));
        Become(Preparing);
    }

    public override string PersistenceId => $"job-{_submitted.Job}";

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor of a job.</summary>
    /// <param name="submitted">What was asked.</param>
    /// <param name="run">Counts how often the job was begun.</param>
    /// <param name="services">What it is given.</param>
    /// <param name="lostAt">When it was noticed that whoever ran the job before is lost; null where nobody did.</param>
    public static Props PropsOf(SubmitJob submitted, int run, CoordinatorServices services, TimeSpan? lostAt) =>
        Props.Create(() => new JobCoordinatorActor(submitted, run, services, lostAt));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _services.Refused(_log, PersistenceId, cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _services.Refused(_log, PersistenceId, cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _services.Refused(_log, PersistenceId, reason);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        _failures.OnFault(failure);
        return Directive.Stop;      // watched, and started again after a pause
    });

    private void Preparing()
    {
        Command<JobLoaded>(OnLoaded);
        Command<JobNotLoaded>(OnNotLoaded);
        Command<CancelJob>(OnCancelUnread);
        Command<Terminated>(_ => { });
    }

    private void Running()
    {
        Command<ParametersReady>(OnReady);
        Command<StepsProgressed>(OnProgress);
        Command<LifeEnded>(ended => _failures.OnEnded(ended.Reason));
        Command<SpendingEntered>(entered => _spent = entered);
        Command<ExchangeMeasured>(measured => _exchange = measured.Figures);
        Command<EpochTrained>(trained => Conclude(_state!.OnEpochTrained(trained)));
        Command<SplitEvaluated>(split => Conclude(_state!.OnEvaluated(split)));
        Command<BestKept>(kept => Conclude(_state!.OnBestKept(kept)));
        Command<BestRestored>(restored => Conclude(_state!.OnBestRestored(restored)));
        Command<PrivacyExhausted>(spent => Conclude(_state!.OnExhausted(spent)));
        Command<ModelSaved>(saved => Conclude(_state!.OnModelSaved(saved)));
        Command<CheckpointWritten>(OnCheckpoint);
        Command<JobFailed>(failed => End(Result(JobStatus.Failed, failed.Kind, failed.Reason)));
        Command<CancelJob>(cancel => PersistCancel(cancel, OnCancelled));
        Command<CancelDeadline>(_ => End(Result(JobStatus.Cancelled, null, "no checkpoint could be written in time; resuming goes on from the one before")));
        Command<CommandTick>(_ => SendCommand());
        Command<Terminated>(OnParametersStopped);
        Command<StartAgain>(_ => StartParameters());
    }

    private void Ending()
    {
        Command<Terminated>(_ => Report());
        Command<RetireDeadline>(_ => Report());
        Command<CancelJob>(cancel => Sender.Tell(new JobCancelling(cancel.Job)));
        CommandAny(_ => { });       // late answers change nothing
    }

    private void OnRecoveredResume(JobResumed resumed)
    {
        _finished = null;
        _journalled.Add(resumed);
    }

    private void OnRecovered()
    {
        int run = _journalled.OfType<JobResumed>().Select(resumed => resumed.Run).DefaultIfEmpty(1).Last();
        if (_run > run) Persist(new JobResumed(_submitted.Job, _run), resumed =>
        {
            OnRecoveredResume(resumed);
            Load();
        });
        else if (_finished is not null) Report();
        else Load();
    }

    private void Load()
    {
        _log.JobStarted(_submitted.Job, _run);
        PrivacySecret secret = _secret ?? _services.DrawSecret();
        _services.Compute.Run(() => DataRoots.Read(_services.Roots, () => JobContext.Load(_submitted, _services.LoadData, secret))).PipeTo(
            Self, success: job => new JobLoaded(job), failure: reason => new JobNotLoaded(reason));
    }

    private void OnNotLoaded(JobNotLoaded failed)
    {
        string told = DataRoots.TextOf(_services.Roots, failed.Reason, _submitted.Job.Value);
        if (told != failed.Reason.Message) _log.DataRefused(_submitted.Job, failed.Reason.Message);
        End(JobReports.Failed(_submitted.Job, JobReports.KindOf(failed.Reason), told));
    }

    /// <summary>The secret of a private run is in the journal before any of it is used.</summary>
    private void OnLoaded(JobLoaded loaded)
    {
        _job = loaded.Job;
        if (_job.Secret is { } secret && _secret is null) Persist(new SecretDrawn(_submitted.Job, secret), drawn =>
        {
            _secret = drawn.Secret;
            BeginRunning();
        });
        else BeginRunning();
    }

    private void BeginRunning()
    {
        _state = new JobCoordinatorState(_job!, _journalled.Aggregate(JobRecord.Begin(_job!), (record, entry) => record.With(entry)));
        if (_state.Record.Unasked is { } epoch)
        {
            End(JobReports.Failed(_submitted.Job, FailureKind.BadInput, JobReports.TooShort(_job!.Spec, epoch, _state.Record.Course.EpochsDone)));
            return;
        }
        Become(Running);
        Timers.StartPeriodicTimer(nameof(CommandTick), CommandTick.Instance, _services.Limits.CommandTick);
        if (_state.IsOver) EndCourse();
        else StartParameters();
    }

    private void StartParameters() =>
        _parameters = Context.Watch(Context.ActorOf(ParameterServerActor.PropsOf(_job!, _services, _lostAt), ChildName));

    private void OnParametersStopped(Terminated stopped)
    {
        if (!stopped.ActorRef.Equals(_parameters)) return;
        _parameters = null;
        _lostAt = Context.System.Scheduler.MonotonicClock;
        _state!.OnParametersLost();
        TimeSpan pause = _failures.OnStopped(_state.Step);
        if (_failures.GivenUp is { } reason)
        {
            End(Result(JobStatus.Failed, FailureKind.Internal, reason));
            return;
        }
        _log.ChildStopped(ChildName, _failures.Failures, pause, _failures.Reason);
        Timers.StartSingleTimer(ChildName, new StartAgain(ChildName, _lostAt.Value), pause);
    }

    private void OnReady(ParametersReady ready)
    {
        _state!.OnReady(ready);
        Advance(ready.Epoch);
        SendCommand();
    }

    private void OnProgress(StepsProgressed progress)
    {
        _state!.OnProgress(progress);
        _failures.Reached(progress.Step);
        Advance(progress.Epoch);
    }

    private void Advance(int epoch) =>
        Context.Parent.Tell(new JobAdvanced(_submitted.Job, _state!.Step, epoch));

    private void SendCommand()
    {
        IJobMessage? command = _state!.Command;
        if (command is SaveModel) _parameters?.Tell(new StoreModel(_state.Record));
        else if (command is not null) _parameters?.Tell(command);
    }

    private void Conclude(Finding finding)
    {
        if (finding.Failure is { } failure) End(Result(JobStatus.Failed, FailureKind.Internal, failure));
        else if (finding.Entry is { } entry) Persist(entry, Apply);
        else SendCommand();
    }

    private void Apply(object entry)
    {
        _state!.Apply(entry);
        if (JobReports.AfterEntry(_job!, _state.Record, entry) is { } report) _services.Progress.Report(report);
        if (_state.IsOver) EndCourse();
        else SendCommand();
    }

    private void OnCheckpoint(CheckpointWritten written)
    {
        Finding finding = _state!.OnCheckpoint(written);
        if (finding.Failure is { } failure) End(Result(JobStatus.Failed, FailureKind.Internal, failure));
        else if (finding.Entry is null) EndIfCancelled();
        else
            Persist(written, entry =>
            {
                _state.Apply(entry);
                EndIfCancelled();
            });
    }
}
