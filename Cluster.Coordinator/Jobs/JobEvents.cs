using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Jobs;

// The journals of jobs hold, beside these, the protocol's own records of what happened: SubmitJob, EpochTrained,
// SplitEvaluated, BestKept, BestRestored, PrivacyExhausted, CheckpointWritten, CancelJob, ModelSaved, TaskCompleted, JobFinished.

/// <summary>A job that was cancelled or had failed is wanted again.</summary>
/// <param name="Job">The job.</param>
/// <param name="Run">Counts how often it was begun, from 1; the first is not journalled.</param>
internal sealed record JobResumed(JobId Job, int Run);

/// <summary>
/// The secret that a private run draws its noise and its rows from; written before any of it is used. It is stored nowhere else: a holder of
/// it can take the noise off the model.
/// </summary>
/// <param name="Job">The job.</param>
/// <param name="Secret">Never sent; only keys derived from it are.</param>
internal sealed record SecretDrawn(JobId Job, PrivacySecret Secret);

/// <summary>A stage of a job's plan is over, and another comes; what is journalled after this belongs to that one.</summary>
/// <param name="Job">The job.</param>
/// <param name="Stage">Which stage, from 0.</param>
/// <param name="JobText">The job of the next stage.</param>
/// <param name="Result">What this and the stages before gave.</param>
internal sealed record StageEnded(JobId Job, int Stage, string JobText, JobFinished Result);

/// <summary>It was the job's turn: it has left the queue, and after a restart goes on before any that waits.</summary>
/// <param name="Job">The job.</param>
internal sealed record JobBegun(JobId Job);
