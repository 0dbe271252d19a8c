using Cluster.Coordinator.Tasks;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// Accepts, resumes, lists and ends jobs; one in the whole cluster. What it accepted is in its journal before it says so,
/// and after a restart, here or on another node, it goes on with every job that is not finished.
/// </summary>
/// <remarks>
/// Supervision  a job's coordinator that fails or stops is started again after a pause that doubles, from its journal;
///              too many failures in a row fail the job. One job's faults never touch another's.
/// </remarks>
internal sealed class JobManagerActor : ReceivePersistentActor, IWithTimers
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CoordinatorServices _services;
    private readonly JobTable _jobs = new();
    private readonly Dictionary<string, RestartDelay> _delays = [];
    private readonly Dictionary<string, string> _faults = [];

    public JobManagerActor(CoordinatorServices services)
    {
        _services = services;
        Recover<RecoveryCompleted>(_ => StartUnfinished());
        RecoverAny(_jobs.Apply);
        Command<SubmitJob>(OnSubmit);
        Command<CancelJob>(OnCancel);
        Command<ListJobs>(_ => Sender.Tell(_jobs.List()));
        Command<DescribeJob>(OnDescribe);
        Command<JobAdvanced>(advanced => OnAdvanced(advanced.Line));
        Command<JobFinished>(OnFinished);
        Command<Terminated>(stopped => OnStopped(stopped.ActorRef));
        Command<StartAgain>(again => OnStartAgain(again.Child));
    }

    public override string PersistenceId => "jobs";

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props PropsOf(CoordinatorServices services) => Props.Create(() => new JobManagerActor(services));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(fault =>
    {
        _faults[Sender.Path.Name] = fault.Message;
        return Directive.Stop;      // watched, and started again after a pause
    });

    private void StartUnfinished()
    {
        foreach (JobEntry job in _jobs.Unfinished.ToArray()) Start(job);
    }

    private void OnSubmit(SubmitJob submit)
    {
        if (Refusal(submit) is { } reason)
        {
            Sender.Tell(new JobRefused(submit.Job, FailureKind.BadInput, reason));
            return;
        }
        JobEntry? known = _jobs.Find(submit.Job);
        if (known is null) PersistAndStart(submit, submit.Job);
        else if (known.CanResume) PersistAndStart(new JobResumed(submit.Job, known.Run + 1), submit.Job);
        else Sender.Tell(new JobAccepted(submit.Job));
    }

    private string? Refusal(SubmitJob submit)
    {
        if (_jobs.Refusal(submit) is { } reason) return reason;
        if (submit.Folds is < 0 or 1) return $"job {submit.Job}: wanted 0 or at least 2 folds, got {submit.Folds}.";
        try
        {
            JobContext.Parse(submit);
            return null;
        }
        catch (BadInputException bad)
        {
            return bad.Message;
        }
    }

    private void PersistAndStart(object entry, JobId job)
    {
        IActorRef asker = Sender;
        Persist(entry, persisted =>
        {
            _jobs.Apply(persisted);
            asker.Tell(new JobAccepted(job));
            Start(_jobs.Find(job)!);
        });
    }

    private void OnCancel(CancelJob cancel)
    {
        JobEntry? job = _jobs.Find(cancel.Job);
        if (job is null)
            Sender.Tell(new JobRefused(cancel.Job, FailureKind.BadInput, $"job {cancel.Job}: wanted a job that was submitted, got an unknown one."));
        else if (job.Finished is { Status: not JobStatus.Cancelled } finished)
            Sender.Tell(new JobRefused(cancel.Job, FailureKind.BadInput, $"job {cancel.Job}: wanted a running job, got one that is {finished.Status}."));
        else if (job.Finished is not null)
            Sender.Tell(new JobCancelling(cancel.Job));
        else
            Context.Child(NameOf(cancel.Job)).Forward(cancel);   // in a pause between two starts nobody answers: the asker asks again
    }

    private void OnDescribe(DescribeJob describe)
    {
        if (_jobs.Find(describe.Job) is { } job)
            Sender.Tell(new JobDescribed(job.Line, job.Finished));
        else
            Sender.Tell(new JobRefused(describe.Job, FailureKind.BadInput, $"job {describe.Job}: wanted a job that was submitted, got an unknown one."));
    }

    private void OnAdvanced(JobLine line)
    {
        if (_delays.TryGetValue(NameOf(line.Job), out RestartDelay? delay)) delay.Reached(line.Step);
        _jobs.Advance(line);
    }

    private void OnFinished(JobFinished finished)
    {
        if (_jobs.Find(finished.Job) is not { Finished: null }) return;
        Persist(finished, entry =>
        {
            _jobs.Apply(entry);
            _services.Progress.Report(entry);
            _delays.Remove(NameOf(entry.Job));
            _faults.Remove(NameOf(entry.Job));
            Context.Stop(Context.Child(NameOf(entry.Job)));
        });
    }

    private void OnStopped(IActorRef child)
    {
        string name = child.Path.Name;
        if (_jobs.Unfinished.FirstOrDefault(job => NameOf(job.Submitted.Job) == name) is not { } entry) return;
        if (!_delays.TryGetValue(name, out RestartDelay? delay)) _delays[name] = delay = new RestartDelay(_services.Limits);
        TimeSpan pause = delay.Fail(entry.Line.Step);
        string fault = _faults.GetValueOrDefault(name, "it stopped by itself");
        _log.ChildStopped(name, delay.Failures, pause, fault);
        if (delay.IsExhausted)
            OnFinished(JobReports.Failed(entry.Submitted.Job, FailureKind.Internal, $"its coordinator stopped {delay.Failures} times without a step between: {fault}"));
        else
            Timers.StartSingleTimer(name, new StartAgain(name), pause);
    }

    private void OnStartAgain(string name)
    {
        if (_jobs.Unfinished.FirstOrDefault(job => NameOf(job.Submitted.Job) == name) is { } entry) Start(entry);
    }

    private void Start(JobEntry job)
    {
        string name = NameOf(job.Submitted.Job);
        if (!Context.Child(name).IsNobody()) return;
        Props props = job.Submitted.Folds > 0
            ? FoldCoordinatorActor.PropsOf(job.Submitted, job.Run, _services)
            : JobCoordinatorActor.PropsOf(job.Submitted, job.Run, _services);
        Context.Watch(Context.ActorOf(props, name));
        _jobs.Advance(job.Line with { Status = JobStatus.Running });
    }

    private static string NameOf(JobId job) => $"job-{job}";
}
