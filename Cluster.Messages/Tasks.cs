using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages;

// TaskCoordinator ── RunTask ──▶ TaskRunner        one at a time for each free core; again elsewhere when its node is lost
// TaskCoordinator ◀── TaskStarted ── TaskRunner    or TaskRefused when no core is free
// TaskCoordinator ◀── TaskCompleted ── TaskRunner  or TaskFailed

/// <summary>What kind of pure function of (job, data, seed, secret) a task is.</summary>
public enum TaskKind : byte
{
    /// <summary>Train on all folds but one and measure on that one.</summary>
    Fold = 1,
}

/// <summary>Runs one task. Idempotent by Task: its result is the same wherever and however often it runs. PROTOCOL.md: RunTask.</summary>
/// <param name="Task">Which task.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Count">How many tasks of this kind the job has (the number of folds).</param>
/// <param name="JobText">The job file, overrides applied.</param>
/// <param name="BaseDirectory">What its relative paths are relative to.</param>
/// <param name="DataSha256">SHA-256 of the rows as the coordinator reads them: a worker that comes to other rows must not compute with them.</param>
/// <param name="ReplyTo">Whom to tell.</param>
/// <param name="Secret">Of a private job, this task's own secret, derived one way from the run's: whoever trains a fold adds its noise. Else null.</param>
public sealed record RunTask(
    TaskId Task, TaskKind Kind, int Count, string JobText, string BaseDirectory, string DataSha256, IActorRef ReplyTo, KeyBytes? Secret = null)
    : IClusterMessage;

/// <summary>The task is running, or has been queued on this node. PROTOCOL.md: TaskStarted.</summary>
/// <param name="Task">The task.</param>
/// <param name="Worker">Where.</param>
public sealed record TaskStarted(TaskId Task, WorkerId Worker) : IClusterMessage;

/// <summary>All of the node's cores are taken. PROTOCOL.md: TaskRefused.</summary>
/// <param name="Task">The task.</param>
/// <param name="Worker">Where.</param>
public sealed record TaskRefused(TaskId Task, WorkerId Worker) : IClusterMessage;

/// <summary>The task's result. PROTOCOL.md: TaskCompleted.</summary>
/// <param name="Task">The task.</param>
/// <param name="Worker">Where.</param>
/// <param name="Names">What the figures are, such as accuracy.</param>
/// <param name="Values">The figures, in the same order.</param>
/// <param name="ModelSha256">Identity of the model that was trained, 64 hexadecimal digits.</param>
public sealed record TaskCompleted(
    TaskId Task, WorkerId Worker, ImmutableArray<string> Names, TensorPayload Values, string ModelSha256) : IClusterMessage;

/// <summary>The task cannot succeed, here or elsewhere. PROTOCOL.md: TaskFailed.</summary>
/// <param name="Task">The task.</param>
/// <param name="Worker">Where.</param>
/// <param name="Kind">What kind of failure.</param>
/// <param name="Reason">For a person.</param>
public sealed record TaskFailed(TaskId Task, WorkerId Worker, FailureKind Kind, string Reason) : IClusterMessage;
