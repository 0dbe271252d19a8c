using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Jobs;

// The journals of jobs hold, beside these, the protocol's own records of what happened: SubmitJob, EpochTrained,
// SplitEvaluated, BestKept, BestRestored, PrivacyExhausted, CheckpointWritten, CancelJob, ModelSaved, TaskCompleted, JobFinished.

/// <summary>A job that was cancelled or had failed is wanted again.</summary>
/// <param name="Job">The job.</param>
/// <param name="Run">Counts how often it was begun, from 1; the first is not journalled.</param>
internal sealed record JobResumed(JobId Job, int Run);

/// <summary>It was the job's turn: it has left the queue, and after a restart goes on before any that waits.</summary>
/// <param name="Job">The job.</param>
internal sealed record JobBegun(JobId Job);
