using System.Globalization;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages;

// JobCoordinator ── RunTask ──▶ TaskRunner        one at a time for each free core; again elsewhere when its node is lost
// JobCoordinator ◀── TaskStarted ── TaskRunner    or TaskRefused when no core is free
// JobCoordinator ◀── TaskCompleted ── TaskRunner  or TaskFailed

/// <summary>What a job computes in place of a model, or before it.</summary>
/// <param name="Kind">The name of the tasks' kind, such as fold or trial.</param>
/// <param name="Specification">What else is asked for, as the kind reads it: of folds, how many.</param>
public sealed record TaskOrder(string Kind, string Specification)
{
    private const string FoldKind = "fold";

    /// <summary>Asks for a cross-validation; null for 0 folds, which ask for none.</summary>
    public static TaskOrder? OfFolds(int folds) => folds == 0 ? null : new TaskOrder(FoldKind, folds.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Runs one task. Idempotent by Task: its result is the same wherever and however often it runs. PROTOCOL.md: RunTask.</summary>
/// <param name="Task">Which task.</param>
/// <param name="Kind">The name of its kind.</param>
/// <param name="Specification">What it is to do, as its kind reads it.</param>
/// <param name="JobText">The job file, overrides applied.</param>
/// <param name="BaseDirectory">What its relative paths are relative to.</param>
/// <param name="DataSha256">SHA-256 of the rows as the coordinator reads them: a worker that comes to other rows must not compute with them.</param>
/// <param name="ReplyTo">Whom to tell.</param>
/// <param name="Secret">Of a private job, this task's own secret, derived one way from the run's: a worker that trains adds its noise. Else null.</param>
public sealed record RunTask(
    TaskId Task, string Kind, string Specification, string JobText, string BaseDirectory, string DataSha256, IActorRef ReplyTo, KeyBytes? Secret = null)
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
/// <param name="Result">What it gave, as its kind wrote it.</param>
public sealed record TaskCompleted(TaskId Task, WorkerId Worker, TaskBytes Result) : IClusterMessage;

/// <summary>The task cannot succeed, here or elsewhere. PROTOCOL.md: TaskFailed.</summary>
/// <param name="Task">The task.</param>
/// <param name="Worker">Where.</param>
/// <param name="Kind">What kind of failure.</param>
/// <param name="Reason">For a person.</param>
public sealed record TaskFailed(TaskId Task, WorkerId Worker, FailureKind Kind, string Reason) : IClusterMessage;
