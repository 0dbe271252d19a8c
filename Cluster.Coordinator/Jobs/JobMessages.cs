using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Jobs;

// Between the manager, the coordinators of jobs and their own background work, in one process; no part of the protocol.

/// <summary>The job's text and data have been read.</summary>
internal sealed record JobLoaded(JobContext Job);

/// <summary>They could not be read.</summary>
internal sealed record JobNotLoaded(Exception Reason);

/// <summary>Repeats the command that is not yet answered.</summary>
internal sealed record CommandTick
{
    public static readonly CommandTick Instance = new();
}

/// <summary>Starts a child again after its pause.</summary>
/// <param name="Child">Which.</param>
/// <param name="LostAt">When it stopped.</param>
internal sealed record StartAgain(string Child, TimeSpan LostAt);

/// <summary>A cancelled job has waited long enough for its checkpoint.</summary>
internal sealed record CancelDeadline
{
    public static readonly CancelDeadline Instance = new();
}

/// <summary>A finished job has waited long enough for its parameter server to stop.</summary>
internal sealed record RetireDeadline
{
    public static readonly RetireDeadline Instance = new();
}

/// <summary>Where a running job stands, for the list of jobs.</summary>
internal sealed record JobAdvanced(JobId Job, long Step, int Epoch);

/// <summary>A run of a job has ended. It may be said twice, and the second time after the job was resumed.</summary>
/// <param name="Run">Which run; the end of another is of no account.</param>
/// <param name="Result">How.</param>
internal sealed record RunEnded(int Run, JobFinished Result);
