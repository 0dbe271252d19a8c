using Cluster.Coordinator.Cli.Queries;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli.Runs;

/// <summary>Where a run is to go.</summary>
/// <param name="Path">The run's folder, or the folder of all runs of the job if they are numbered.</param>
/// <param name="IsNumbered">Whether each run gets its own numbered folder.</param>
internal sealed record RunPlace(string Path, bool IsNumbered);

/// <summary>A job as a person asked for it.</summary>
/// <param name="Spec">The job.</param>
/// <param name="File">The job file.</param>
/// <param name="Overrides">The settings that were applied.</param>
internal sealed record AskedJob(JobSpec Spec, string File, IReadOnlyList<string> Overrides)
{
    /// <summary>The rows that a database gave; null where the job names a file.</summary>
    public QuerySource? Query { get; init; }
}
