using Cluster.Messages;

namespace Cluster.Coordinator.Jobs;

/// <summary>Reports the progress of a job to its watchers. A lost report is not repeated.</summary>
internal interface IProgressReporter
{
    /// <summary>Sends the report on.</summary>
    void Report(IJobMessage report);
}
