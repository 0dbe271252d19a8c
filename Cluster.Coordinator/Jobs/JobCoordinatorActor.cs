using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Ml.Data;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// Runs one job: takes the stages of its plan one after another, and journals every decision before acting on it. A stage that is over
/// is journalled with what it gave; what is journalled after that belongs to the next.
/// </summary>
/// <remarks>Supervision  as the stage says: a parameter server that fails is started again after a pause, a data source at once</remarks>
internal sealed partial class JobCoordinatorActor : ReceivePersistentActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SubmitJob _submitted;
    private readonly int _run;
    private readonly CoordinatorServices _services;
    private readonly List<object> _journalled = [];     // in the stage that is not over
    private int _journalledRun = 1;
    private PrivacySecret? _secret;
    private StageEnded? _before;        // the stage before; null in the first
    private StageRun? _stage;
    private JobFinished? _finished;
    private Action _closed = () => { };
    private TimeSpan? _lostAt;

    public JobCoordinatorActor(SubmitJob submitted, int run, CoordinatorServices services, TimeSpan? lostAt)
    {
        _lostAt = lostAt;
        _submitted = submitted;
        _run = run;
        _services = services;
        StreamClaim claim = new(services.Authority);
        Recover<AuthorityTaken>(claim.OnRecovered);
        Recover<JobFinished>(finished => _finished = finished);
        Recover<JobResumed>(OnRecoveredResume);
        Recover<SecretDrawn>(drawn => _secret = drawn.Secret);
        Recover<StageEnded>(OnRecoveredEnd);
        Recover<RecoveryCompleted>(_ => claim.Begin(this, OnRecovered));
        RecoverAny(entry => _journalled.Add(entry));
        Command<Terminated>(_ => { });
    }

    public override string PersistenceId => $"job-{_submitted.Job}";

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor of a job.</summary>
    /// <param name="submitted">What was asked.</param>
    /// <param name="run">Counts how often the job was begun.</param>
    /// <param name="services">What it is given.</param>
    /// <param name="lostAt">When it was noticed that the coordinator that ran the job before is lost; null if none did.</param>
    public static Props PropsOf(SubmitJob submitted, int run, CoordinatorServices services, TimeSpan? lostAt) =>
        Props.Create(() => new JobCoordinatorActor(submitted, run, services, lostAt));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _services.Refused(_log, PersistenceId, cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _services.Refused(_log, PersistenceId, cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _services.Refused(_log, PersistenceId, reason);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure => _stage?.OnFailure(failure) ?? Directive.Stop);

    private void OnRecoveredResume(JobResumed resumed)
    {
        _journalledRun = resumed.Run;
        _finished = null;
        _journalled.Add(resumed);
    }

    private void OnRecoveredEnd(StageEnded ended)
    {
        _before = ended;
        _journalled.Clear();
    }

    private void OnRecovered()
    {
        if (_run > _journalledRun) Persist(new JobResumed(_submitted.Job, _run), resumed =>
        {
            OnRecoveredResume(resumed);
            BeginStage();
        });
        else if (_finished is not null) Report();
        else BeginStage();
    }

    /// <summary>The first stage of the plan that is not over.</summary>
    private void BeginStage()
    {
        _log.JobStarted(_submitted.Job, _run);
        try
        {
            _stage = RunOf(JobPlan.Of(_submitted).Stages[Stage], _before is null ? _submitted : _submitted with { JobText = _before.JobText });
            _stage.Begin();
        }
        catch (BadInputException bad)
        {
            EndUnread(bad);
        }
    }

    /// <summary>Which stage of the plan is not over.</summary>
    private int Stage => _before is null ? 0 : _before.Stage + 1;

    private StageRun RunOf(JobStage stage, SubmitJob submitted) => stage switch
    {
        JobStage.Tasks tasks => new TaskRun(this, submitted, tasks),
        _ => new TrainingRun(this, submitted),
    };

    /// <summary>Takes the messages of a stage. What comes late of the stage before changes nothing.</summary>
    private void Hear(Action commands) => Become(() =>
    {
        commands();
        if (_before is not null) CommandAny(_ => { });
    });

    /// <summary>A stage of the plan while it runs.</summary>
    private abstract class StageRun
    {
        /// <summary>Begins, or goes on from what is journalled.</summary>
        /// <exception cref="BadInputException">The job is wrong.</exception>
        public abstract void Begin();

        /// <summary>What is done about a child that failed.</summary>
        public abstract Directive OnFailure(Exception failure);

        /// <summary>Lets go of what the stage holds.</summary>
        /// <returns>Whether to wait for a child.</returns>
        public abstract bool Retire();
    }
}
