using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Jobs;

// The journals of jobs hold, beside this, the protocol's own records of what happened: SubmitJob, EpochTrained,
// SplitEvaluated, BestKept, BestRestored, PrivacyExhausted, CheckpointWritten, CancelJob, ModelSaved, TaskCompleted, JobFinished.

/// <summary>A job that was cancelled or had failed goes on.</summary>
/// <param name="Job">The job.</param>
/// <param name="Run">Counts how often it was begun, from 1; the first is not journalled.</param>
internal sealed record JobResumed(JobId Job, int Run);
