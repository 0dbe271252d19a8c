namespace Cluster.Coordinator;

/// <summary>Every interval and limit of the coordinator's actors, in one place.</summary>
internal sealed record CoordinatorLimits
{
    public const int JobsAtOnceDefault = 2, QueueDefault = 256;

    /// <summary>How many jobs run at once; the others wait in the queue.</summary>
    public int JobsAtOnce { get; init; } = JobsAtOnceDefault;

    /// <summary>How many jobs may wait; further ones are refused, as a coordinator must not fill its memory with what others ask for.</summary>
    public int QueueMax { get; init; } = QueueDefault;

    /// <summary>How many jobs that have ended are kept whole, with text and figures. More: memory, up to 128 KiB of text each.</summary>
    public int JobsKeptMax { get; init; } = 512;

    /// <summary>How many further jobs that have ended are remembered by name.</summary>
    public int PastJobsMax { get; init; } = 65_536;

    /// <summary>How often an unfinished round is looked at; it is asked for again after 1, 3, 7, 15 … of these.</summary>
    public TimeSpan RoundTick { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a job with speculation is looked at for workers that are late.</summary>
    public TimeSpan SpeculationTick { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How often progress is reported at the most.</summary>
    public TimeSpan ProgressTick { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a command to the parameter server is repeated until it is answered.</summary>
    public TimeSpan CommandTick { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The shortest time between two checkpoints that fall due by themselves. Shorter: the disk is busy with states of steps
    /// that take less time than their checkpoint. Longer: more is computed again after a crash.
    /// </summary>
    public TimeSpan CheckpointPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long there may be no worker before a warning says so; then again after each such time.</summary>
    public TimeSpan NoWorkerWarning { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long there may be no worker before the job fails; null to wait for ever.</summary>
    public TimeSpan? NoWorkerLimit { get; init; }

    /// <summary>How long a cancelled job waits for its checkpoint.</summary>
    public TimeSpan CancelDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a finished job's parameter server may take to let its workers go.</summary>
    public TimeSpan RetireDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The first pause before an actor that failed is started again; it doubles each time.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest such pause.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an actor may fail without any progress before its job fails.</summary>
    public int FailuresMax { get; init; } = 10;

    /// <summary>
    /// How long the lease lasts that lets a coordinator write. Shorter: a busy database lets it slip to a standby that the cluster
    /// has chosen; longer: such a standby waits longer after a loss that the cluster has noticed at once, as where the lost
    /// coordinator comes back under its address.
    /// </summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often it is renewed, and asked for again when the database does not answer.</summary>
    public TimeSpan LeaseTick { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a coordinator that is to run the jobs asks for a lease that another still has.</summary>
    public TimeSpan LeaseSeekTick { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the runners of tasks are looked at.</summary>
    public TimeSpan TaskTick { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a runner that was given a task may say nothing at all before another gets it too.</summary>
    public TimeSpan TaskStartDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a runner that is at a task is asked for it again, lest its result was lost.</summary>
    public TimeSpan TaskAskInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a task may run before another runner gets it too; the first result wins.</summary>
    public TimeSpan TaskDeadline { get; init; } = TimeSpan.FromMinutes(10);
}
