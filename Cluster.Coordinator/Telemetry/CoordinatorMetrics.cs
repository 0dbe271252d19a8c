using System.Diagnostics.Metrics;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node.Telemetry;

namespace Cluster.Coordinator.Telemetry;

/// <summary>What the coordinator measures for a collector.</summary>
internal static class CoordinatorMetrics
{
    private static readonly Meter s_meter = new(NodeMetrics.MeterName);

    private static readonly Histogram<double> s_recovery = s_meter.CreateHistogram<double>(
        "cluster.job.recovery", "s", "From the moment at which a loss is noticed to the next step that is complete.");

    /// <summary>Training goes on after a loss.</summary>
    public static void OnRecovered(JobId job, TimeSpan took) => s_recovery.Record(took.TotalSeconds, new KeyValuePair<string, object?>("job", job.ToString()));
}
