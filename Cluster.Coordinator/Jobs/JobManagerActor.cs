using Cluster.Coordinator.Authority;
using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// Accepts, queues, resumes, lists and ends jobs; one in the whole cluster. What it accepted is in its journal before it says
/// so, and after a restart, here or on another node, it goes on with every job that is not finished.
/// </summary>
/// <remarks>
/// Supervision  a job's coordinator that fails or stops is started again after a pause that doubles, from its journal;
///              too many failures in a row fail the job, and so does the second of one kind at one step. One job's failures never touch another's.
/// </remarks>
internal sealed partial class JobManagerActor : ReceivePersistentActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CoordinatorServices _services;
    private readonly JobAdmission _admission;
    private readonly JobTable _jobs;
    private readonly Dictionary<string, IActorRef> _coordinators = [];      // of the runs that are wanted; others may still be stopping
    private readonly Dictionary<string, ChildFailures> _failures = [];
    private TimeSpan _lostAt;

    public JobManagerActor(CoordinatorServices services)
    {
        _services = services;
        _jobs = new JobTable(services.Limits, namesDirectories: services.RunsDirectory is null);
        _admission = new JobAdmission(services, _jobs);
        _lostAt = services.Authority.WantedSince;
        StreamClaim claim = new(services.Authority);
        Recover<AuthorityTaken>(claim.OnRecovered);
        Recover<RecoveryCompleted>(_ => claim.Begin(this, StartRunning));
        RecoverAny(_jobs.Apply);
        Command<SubmitJob>(OnSubmit);
        Command<ResumeJob>(OnResume);
        Command<CancelJob>(OnCancel);
        Command<ListJobs>(_ => Sender.Tell(_jobs.List()));
        Command<DescribeJob>(OnDescribe);
        Command<ReadModel>(OnReadModel);
        Command<JobAdvanced>(OnAdvanced);
        Command<RunEnded>(ended => OnFinished(ended.Result), ended => _jobs.Find(ended.Result.Job)?.Run == ended.Run);
        Command<RunEnded>(_ => { });        // of a run before the one that is wanted now
        Command<Terminated>(stopped => OnStopped(stopped.ActorRef));
        Command<StartAgain>(OnStartAgain);
    }

    public override string PersistenceId => "jobs";

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props PropsOf(CoordinatorServices services) => Props.Create(() => new JobManagerActor(services));

    protected override void PostRestart(Exception reason)
    {
        _lostAt = Context.System.Scheduler.MonotonicClock;
        base.PostRestart(reason);
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _services.Refused(_log, PersistenceId, cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _services.Refused(_log, PersistenceId, cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _services.Refused(_log, PersistenceId, reason);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        if (_failures.TryGetValue(Sender.Path.Name, out ChildFailures? failures)) failures.OnFailure(failure);
        return Directive.Stop;      // watched, and started again after a pause
    });

    private void OnSubmit(SubmitJob submit)
    {
        SubmitJob complete = _admission.Complete(submit);
        JobEntry? known = _jobs.Find(submit.Job);
        if (_admission.Refusal(complete) is { } reason) Sender.Tell(new JobRefused(submit.Job, FailureKind.BadInput, reason));
        else if (known is { IsPast: false } && JobTable.IsChanged(known, complete)) PersistChange(complete);
        else if (known is not null && !Renews(known, submit)) Sender.Tell(Accepted(known));
        else if (known is null && _jobs.Crowded(submit.Job) is { } crowd) Sender.Tell(new JobRefused(submit.Job, FailureKind.Busy, crowd));
        else PersistAndQueue(complete, submit.Job);
    }

    /// <summary>Whether a known job that is submitted again becomes another: with other servers, or with its text, which was put away.</summary>
    private static bool Renews(JobEntry known, SubmitJob submit) => known.IsPast ? known.CanResume
        : known.Submitted.Servers != submit.Servers && known.Finished is not { ModelPath.Length: > 0 };

    private void OnResume(ResumeJob resume)
    {
        if (Known(resume.Job) is not { } job) return;
        if (resume.Run <= job.Run) Sender.Tell(Accepted(job));      // asked again: that run has begun
        else if (JobAdmission.Refusal(resume, job) is { } reason) Sender.Tell(new JobRefused(resume.Job, FailureKind.BadInput, reason));
        else if (_jobs.Crowded(resume.Job) is { } crowd) Sender.Tell(new JobRefused(resume.Job, FailureKind.Busy, crowd));
        else PersistAndQueue(new JobResumed(resume.Job, resume.Run), resume.Job);
    }

    private void PersistAndQueue(object entry, JobId job)
    {
        IActorRef asker = Sender;
        Persist(entry, persisted =>
        {
            _jobs.Apply(persisted);
            asker.Tell(Accepted(_jobs.Find(job)!));
            BeginNext();
        });
    }

    /// <summary>A running job is stopped; resumed, it goes on from its last checkpoint with the new text.</summary>
    private void PersistChange(SubmitJob changed)
    {
        IActorRef asker = Sender;
        Persist(changed, entry =>
        {
            _jobs.Apply(entry);
            if (_coordinators.Remove(NameOf(entry.Job), out IActorRef? coordinator)) Context.Stop(coordinator);
            asker.Tell(Accepted(_jobs.Find(entry.Job)!));
        });
    }

    /// <summary>As many as may run at once; each is journalled as begun before it begins.</summary>
    private void BeginNext()
    {
        if (_jobs.Next(_services.Limits.JobsAtOnce) is not { } next) return;
        Persist(new JobBegun(next.Submitted.Job), begun =>
        {
            _jobs.Apply(begun);
            Start(_jobs.Find(begun.Job)!, lostAt: null);
            BeginNext();
        });
    }

    private void OnCancel(CancelJob cancel)
    {
        if (Known(cancel.Job) is not { } job) return;
        if (cancel.Run < job.Run || job.Finished is { Status: JobStatus.Cancelled })
            Sender.Tell(new JobCancelling(cancel.Job));
        else if (JobAdmission.Refusal(cancel, job) is { } reason)
            Sender.Tell(new JobRefused(cancel.Job, FailureKind.BadInput, reason));
        else if (job.Begun)
            Context.Child(NameOf(cancel.Job)).Forward(cancel);   // between two starts there is no answer: the asker asks again
        else
        {
            IActorRef asker = Sender;
            OnFinished(JobReports.CancelledInQueue(job), () => asker.Tell(new JobCancelling(cancel.Job)));
        }
    }

    private void OnDescribe(DescribeJob describe)
    {
        if (Known(describe.Job) is { } job) Sender.Tell(new JobDescribed(job.Line, job.Finished ?? Stuck(job)));
    }

    /// <summary>Who waits for a job whose storage stays broken is told so. The job is as it is in the journal: it goes on when the storage does.</summary>
    private JobFinished? Stuck(JobEntry job) => job.Begun && _services.Failures?.Reason is { } reason
        ? JobReports.Failed(job.Submitted.Job, FailureKind.Storage, $"job {job.Submitted.Job}: {reason}") : null;

    private void OnReadModel(ReadModel read)
    {
        if (Known(read.Job) is not { } job) return;
        if (job.Finished is not { ModelPath.Length: > 0 })
        {
            Sender.Tell(new JobRefused(read.Job, FailureKind.BadInput, $"job {read.Job}: wanted one that has a model, got one that is {JobStatusWord.Of(job.Line.Status)}."));
            return;
        }
        string directory = job.Submitted.RunDirectory;
        _services.Compute.Run(() => _services.Models.Read(directory, read.Offset, Messages.Wire.Limits.ModelBlockBytesMax)).PipeTo(
            Sender, Self,
            part => new ModelRead(read.Job, read.Offset, part.Length, part.Bytes),
            failure => new JobRefused(read.Job, FailureKind.Storage, $"job {read.Job}: its model cannot be read: {failure.Message}"));
    }

    /// <summary>The job, or null after having told the asker that there is none.</summary>
    private JobEntry? Known(JobId job)
    {
        if (_jobs.Find(job) is { } known) return known;
        Sender.Tell(new JobRefused(job, FailureKind.BadInput, $"job {job}: wanted a job that was submitted, got an unknown one."));
        return null;
    }

    private static JobAccepted Accepted(JobEntry job) => new(job.Submitted.Job, job.Run, job.Line.Status);

    private void Start(JobEntry job, TimeSpan? lostAt)
    {
        string name = NameOf(job.Submitted.Job);
        if (!Context.Child(name).IsNobody()) return;        // of the run before: it is stopping, and its end begins this one
        _failures.TryAdd(name, new ChildFailures(job.Submitted.Job, "its coordinator", _services.Limits));
        _coordinators[name] = Context.Watch(Context.ActorOf(JobCoordinatorActor.PropsOf(job.Submitted, job.Run, _services, lostAt), name));
    }

    private static string NameOf(JobId job) => $"job-{job}";
}
