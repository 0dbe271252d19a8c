using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Worker.Telemetry;

namespace Cluster.Worker.Tasks;

/// <summary>The node's runner of tasks: one at a time, a few waiting, every result said again to whoever asks again.</summary>
internal sealed class TaskRunnerActor : ReceiveActor
{
    private readonly TaskRunnerState _state = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly WorkerId _workerId;
    private readonly IComputePool _compute;
    private readonly Func<RunTask, TaskCompleted> _run;

    public TaskRunnerActor(WorkerId workerId, IComputePool compute, Func<RunTask, TaskCompleted> run)
    {
        _workerId = workerId;
        _compute = compute;
        _run = run;
        Receive<RunTask>(OnRunTask);
        Receive<TaskCompleted>(OnEnded);
        Receive<RunFailed>(OnRunFailed);
    }

    /// <summary>A runner of the tasks that there are.</summary>
    public static Props CreateProps(WorkerId workerId, IComputePool compute) => CreateProps(workerId, compute, task => Run(task, workerId));

    /// <summary>A runner whose tasks a test has written.</summary>
    public static Props CreateProps(WorkerId workerId, IComputePool compute, Func<RunTask, TaskCompleted> run) =>
        Props.Create(() => new TaskRunnerActor(workerId, compute, run));

    private static TaskCompleted Run(RunTask task, WorkerId workerId) => task.Kind switch
    {
        TaskKind.Fold => FoldTask.Run(task, workerId),
        _ => throw new NotSupportedException(
            $"task {task.Task.Index} of {task.Task.Job}: wanted a fold, got kind {(byte)task.Kind}; run the same version of the program on every node."),
    };

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
                break;
            case TaskVerdict.Repeat:
                task.ReplyTo.Tell(_state.ResultOf(task));
                break;
            case TaskVerdict.Refuse:
                task.ReplyTo.Tell(new TaskRefused(task.Task, _workerId));
                break;
        }
    }

    private void Begin(RunTask task) => _compute.Run(() => _run(task)).PipeTo(
        Self, success: completed => completed, failure: reason => new RunFailed(task.Task, reason));

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
        OnEnded(FoldTask.Failed(failed.Task, _workerId, failed.Reason));
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

    private sealed record RunFailed(TaskId Task, Exception Reason) : INoSerializationVerificationNeeded;
}
