using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Ml.Data;
using Cluster.Worker.Sources;
using Cluster.Worker.Telemetry;

namespace Cluster.Worker.Tasks;

/// <summary>The node's runner of tasks: one at a time, a few waiting, every result sent again if it is asked for again.</summary>
internal sealed class TaskRunnerActor : ReceiveActor
{
    private readonly TaskRunnerState _state = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly WorkerId _workerId;
    private readonly IActorRef _sources;
    private readonly IComputePool _compute;
    private readonly Func<RunTask, bool> _sees;
    private readonly Func<RunTask, string?, TaskCompleted> _run;
    private readonly DataRoots? _roots;
    private bool _fetching;

    /// <param name="workerId">The node.</param>
    /// <param name="sources">Fetches data.</param>
    /// <param name="compute">Where tasks run.</param>
    /// <param name="sees">Whether the node sees a task's data.</param>
    /// <param name="run">Runs a task with its data from its source, or from the folder to which that was copied.</param>
    /// <param name="roots">What tasks may read here; null for everything.</param>
    public TaskRunnerActor(
        WorkerId workerId, IActorRef sources, IComputePool compute, Func<RunTask, bool> sees, Func<RunTask, string?, TaskCompleted> run, DataRoots? roots)
    {
        (_workerId, _sources, _compute, _sees, _run, _roots) = (workerId, sources, compute, sees, run, roots);
        Receive<RunTask>(OnRunTask);
        Receive<SourceUnseen>(_ => OnUnseen());
        Receive<SourceFetched>(OnFetched);
        Receive<SourceNotFetched>(OnNotFetched);
        Receive<TaskCompleted>(OnEnded);
        Receive<RunFailed>(OnRunFailed);
    }

    /// <summary>A runner of the tasks that there are.</summary>
    public static Props CreateProps(WorkerOptions options, IActorRef sources, IComputePool compute) => CreateProps(
        options.Worker, sources, compute, task => options.Sees(TaskWork.JobOf(task).Data), (task, folder) => TaskWork.Run(task, options, folder), options.Roots);

    /// <summary>A runner whose tasks, which need no data, a test has written.</summary>
    public static Props CreateProps(WorkerId workerId, IComputePool compute, Func<RunTask, TaskCompleted> run) =>
        CreateProps(workerId, ActorRefs.Nobody, compute, _ => true, (task, _) => run(task));

    /// <summary>A runner of tasks that a test has written, with data that it sees or not.</summary>
    public static Props CreateProps(
        WorkerId workerId, IActorRef sources, IComputePool compute, Func<RunTask, bool> sees, Func<RunTask, string?, TaskCompleted> run, DataRoots? roots = null) =>
        Props.Create(() => new TaskRunnerActor(workerId, sources, compute, sees, run, roots));

    private void OnRunTask(RunTask task)
    {
        switch (_state.OnRun(task))
        {
            case TaskVerdict.Run:
                task.ReplyTo.Tell(new TaskStarted(task.Task, _workerId));
                Begin(task);
                break;
            case TaskVerdict.Confirm:
                task.ReplyTo.Tell(new TaskStarted(task.Task, _workerId));
                if (_fetching) Fetch();     // perhaps another coordinator has taken over
                break;
            case TaskVerdict.Repeat:
                task.ReplyTo.Tell(_state.ResultOf(task));
                break;
            case TaskVerdict.Refuse:
                task.ReplyTo.Tell(new TaskRefused(task.Task, _workerId));
                break;
        }
    }

    /// <summary>From the source if this node sees it, else from the folder that it was copied to.</summary>
    private void Begin(RunTask task, string? folder = null) =>
        _compute.Run(() => folder is not null || _sees(task) ? _run(task, folder) : (object)SourceUnseen.Instance).PipeTo(
            Self, failure: reason => new RunFailed(task.Task, reason));

    private void OnUnseen()
    {
        _fetching = true;
        Fetch();
    }

    private void Fetch() => _sources.Tell(FetchSource.Of(_state.Running!));

    private void OnFetched(SourceFetched fetched)
    {
        if (!_fetching) return;
        _fetching = false;
        Begin(_state.Running!, fetched.Folder);
    }

    private void OnNotFetched(SourceNotFetched failed)
    {
        if (!_fetching) return;
        _fetching = false;
        OnEnded(new TaskFailed(_state.Running!.Task, _workerId, FailureKind.BadInput, failed.Reason));
    }

    private void OnRunFailed(RunFailed failed)
    {
        if (failed.Reason is ComputeRefusedException or OperationCanceledException)
        {
            _log.ComputeRefused(failed.Task.Job, failed.Reason.Message);
            _state.Running!.ReplyTo.Tell(new TaskRefused(failed.Task, _workerId));
            BeginNext(_state.OnNotBegun());
            return;
        }
        _log.TaskFailed(failed.Task.Job, failed.Task.Index, failed.Reason);
        OnEnded(TaskWork.Failed(failed.Task, _workerId, failed.Reason, _roots));
    }

    private void OnEnded(IClusterMessage result)
    {
        _state.Running!.ReplyTo.Tell(result);
        BeginNext(_state.OnEnded(result));
    }

    private void BeginNext(RunTask? next)
    {
        if (next is not null) Begin(next);
    }

    private sealed record SourceUnseen : INoSerializationVerificationNeeded
    {
        public static readonly SourceUnseen Instance = new();
    }

    private sealed record RunFailed(TaskId Task, Exception Reason) : INoSerializationVerificationNeeded;
}
