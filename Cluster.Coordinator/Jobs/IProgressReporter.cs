using Cluster.Messages;

namespace Cluster.Coordinator.Jobs;

/// <summary>Tells whoever watches how a job goes. A report that is lost is lost.</summary>
internal interface IProgressReporter
{
    /// <summary>Sends the report on.</summary>
    void Report(IJobMessage report);
}
