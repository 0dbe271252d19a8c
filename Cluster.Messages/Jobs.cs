using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages;

// command ── SubmitJob ──▶ JobManager                 replies JobAccepted | JobRefused
// command ── ResumeJob ──▶ JobManager                 replies JobAccepted | JobRefused
// command ── CancelJob ──▶ JobManager                 replies JobCancelling | JobRefused
// command ── ListJobs ──▶ JobManager                  replies JobList
// command ── DescribeJob ──▶ JobManager               replies JobDescribed | JobRefused
// command ── ReadModel ──▶ JobManager                 replies ModelRead | JobRefused; block after block
//
// What a job's parameter server answers its coordinator, which journals it: EpochTrained, SplitEvaluated, BestKept, BestRestored, ModelSaved,
// CheckpointWritten, PrivacyExhausted. The commands have no wire form: both live in one process.

/// <summary>Why something could not be done; the command turns it into its exit code.</summary>
public enum FailureKind : byte
{
    /// <summary>The job file or the data is wrong (exit code 3).</summary>
    BadInput = 1,

    /// <summary>The training left the finite numbers (exit code 5).</summary>
    Diverged = 2,

    /// <summary>A disk was full or a file could not be written (exit code 5 with what to free).</summary>
    Storage = 3,

    /// <summary>A failure of the program (exit code 5).</summary>
    Internal = 4,

    /// <summary>There is no room for it now; asking again later may do (exit code 4).</summary>
    Busy = 5,
}

/// <summary>Where a job stands.</summary>
public enum JobStatus : byte
{
    /// <summary>Accepted, not begun.</summary>
    Queued = 1,

    /// <summary>Training or evaluating.</summary>
    Running = 2,

    /// <summary>All epochs done, or converged.</summary>
    Completed = 3,

    /// <summary>Early stopping, or the privacy budget, ended it.</summary>
    StoppedEarly = 4,

    /// <summary>Cancelled; a checkpoint was written.</summary>
    Cancelled = 5,

    /// <summary>It failed, for the reason given.</summary>
    Failed = 6,
}

/// <summary>
/// Asks for a job to be run. Idempotent by Job with equal text: however often and late it comes, it begins the job once and
/// never resumes it. PROTOCOL.md: SubmitJob.
/// </summary>
/// <param name="Job">Names it.</param>
/// <param name="JobText">The job file, overrides applied.</param>
/// <param name="BaseDirectory">What its relative paths are relative to.</param>
/// <param name="RunDirectory">Where checkpoints and the model go, on the coordinator; empty for a folder of the coordinator's choice.</param>
/// <param name="Tasks">What is computed in place of a model, or before it; null to train a model.</param>
/// <param name="Priority">Of the jobs that wait, the one with the highest begins first; −100 to 100.</param>
/// <param name="Servers">How many servers keep the parameters, from 1; sent again with another number, it counts from the job's next run on.</param>
public sealed record SubmitJob(
    JobId Job, string JobText, string BaseDirectory, string RunDirectory, TaskOrder? Tasks, int Priority, int Servers = 1) : IJobMessage;

/// <summary>Asks for a job that was cancelled or has failed to go on. Idempotent by (Job, Run). PROTOCOL.md: ResumeJob.</summary>
/// <param name="Job">The job.</param>
/// <param name="Run">Counts how often it is begun, from 1: one more than the run that ended.</param>
public sealed record ResumeJob(JobId Job, int Run) : IJobMessage;

/// <summary>The job is journalled. PROTOCOL.md: JobAccepted.</summary>
/// <param name="Job">The job.</param>
/// <param name="Run">How often it was begun.</param>
/// <param name="Status">Where it stands: a job that was submitted before may have ended.</param>
public sealed record JobAccepted(JobId Job, int Run, JobStatus Status) : IJobMessage;

/// <summary>The request cannot be met. PROTOCOL.md: JobRefused.</summary>
/// <param name="Job">The job.</param>
/// <param name="Kind">What kind of failure.</param>
/// <param name="Reason">For a person.</param>
public sealed record JobRefused(JobId Job, FailureKind Kind, string Reason) : IJobMessage;

/// <summary>Asks for a run of the job to end after a checkpoint. Idempotent by (Job, Run): a late one does not end a later run. PROTOCOL.md: CancelJob.</summary>
/// <param name="Job">The job.</param>
/// <param name="Run">Which run of it.</param>
public sealed record CancelJob(JobId Job, int Run) : IJobMessage;

/// <summary>The job will end; <see cref="JobFinished"/> follows. PROTOCOL.md: JobCancelling.</summary>
/// <param name="Job">The job.</param>
public sealed record JobCancelling(JobId Job) : IJobMessage;

/// <summary>Asks what jobs there are. PROTOCOL.md: ListJobs.</summary>
public sealed record ListJobs : IClusterMessage;

/// <summary>One line of the list of jobs.</summary>
/// <param name="Job">The job.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Run">How often it was begun.</param>
/// <param name="Priority">Of the jobs that wait, the one with the highest begins first.</param>
/// <param name="Step">Training steps done.</param>
/// <param name="Epoch">Epochs done.</param>
public sealed record JobLine(JobId Job, JobStatus Status, int Run, int Priority, long Step, int Epoch);

/// <summary>The jobs, oldest first. PROTOCOL.md: JobList.</summary>
/// <param name="Jobs">One line each.</param>
public sealed record JobList(ImmutableArray<JobLine> Jobs) : IClusterMessage;

/// <summary>Asks if a job stands; a finished job answers with its result. PROTOCOL.md: DescribeJob.</summary>
/// <param name="Job">The job.</param>
public sealed record DescribeJob(JobId Job) : IJobMessage;

/// <summary>Where a job stands. PROTOCOL.md: JobDescribed.</summary>
/// <param name="Line">Its status.</param>
/// <param name="Finished">Its result, or null while it runs.</param>
public sealed record JobDescribed(JobLine Line, JobFinished? Finished) : IClusterMessage;

/// <summary>Asks for a part of the job's model file. PROTOCOL.md: ReadModel.</summary>
/// <param name="Job">The job.</param>
/// <param name="Offset">From which byte on.</param>
public sealed record ReadModel(JobId Job, long Offset) : IJobMessage;

/// <summary>A part of the job's model file. PROTOCOL.md: ModelRead.</summary>
/// <param name="Job">The job.</param>
/// <param name="Offset">From which byte on.</param>
/// <param name="Length">Bytes of the whole file.</param>
/// <param name="Bytes">As many as fit into a block; none at the end.</param>
public sealed record ModelRead(JobId Job, long Offset, long Length, ImmutableArray<byte> Bytes) : IJobMessage;

/// <summary>The epoch is done. PROTOCOL.md: EpochTrained.</summary>
/// <param name="Job">The job.</param>
/// <param name="Epoch">Which.</param>
/// <param name="Step">Steps done since the start of training.</param>
/// <param name="MeanLoss">Mean training loss of the epoch's examples.</param>
/// <param name="Accuracy">Share classified rightly while training; NaN if there are no classes.</param>
/// <param name="Examples">How many examples contributed.</param>
/// <param name="Converged">The learner has nothing left to gain.</param>
/// <param name="GradientNorms">Doubles, [layers × 2]: the root mean square and the last norm of each layer's gradient; none if the learner tells none.</param>
public sealed record EpochTrained(
    JobId Job, int Epoch, long Step, double MeanLoss, double Accuracy, long Examples, bool Converged, TensorPayload GradientNorms) : IJobMessage;

/// <summary>What the split's rows added up to; the learner turns it into metrics. PROTOCOL.md: SplitEvaluated.</summary>
/// <param name="Job">The job.</param>
/// <param name="Purpose">Which split.</param>
/// <param name="Epoch">After which epoch.</param>
/// <param name="Sums">The sums, doubles.</param>
public sealed record SplitEvaluated(JobId Job, RoundPurpose Purpose, int Epoch, TensorPayload Sums) : IJobMessage;

/// <summary>The state after that epoch is kept, and will be part of each checkpoint. PROTOCOL.md: BestKept.</summary>
/// <param name="Job">The job.</param>
/// <param name="Epoch">The epoch.</param>
public sealed record BestKept(JobId Job, int Epoch) : IJobMessage;

/// <summary>The best state is current again. PROTOCOL.md: BestRestored.</summary>
/// <param name="Job">The job.</param>
/// <param name="Epoch">Its epoch.</param>
public sealed record BestRestored(JobId Job, int Epoch) : IJobMessage;

/// <summary>The model file is on disk. PROTOCOL.md: ModelSaved.</summary>
/// <param name="Job">The job.</param>
/// <param name="Path">Where.</param>
/// <param name="Sha256">Hash of the state bytes, 64 hexadecimal digits.</param>
public sealed record ModelSaved(JobId Job, string Path, string Sha256) : IJobMessage;

/// <summary>A checkpoint is on disk. PROTOCOL.md: CheckpointWritten.</summary>
/// <param name="Job">The job.</param>
/// <param name="Step">The step it stands at.</param>
/// <param name="Epoch">The epoch that step is in.</param>
/// <param name="Sha256">Hash of the state bytes.</param>
public sealed record CheckpointWritten(JobId Job, long Step, int Epoch, string Sha256) : IJobMessage;

/// <summary>The next step would spend more than the target epsilon; training ends here. PROTOCOL.md: PrivacyExhausted.</summary>
/// <param name="Job">The job.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Epsilon">Spent so far.</param>
public sealed record PrivacyExhausted(JobId Job, long Step, double Epsilon) : IJobMessage;
