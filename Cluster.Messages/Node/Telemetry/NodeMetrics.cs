using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Cluster.Messages.Node.Telemetry;

/// <summary>Sends what a node measures to a collector, by the OpenTelemetry protocol over HTTP.</summary>
/// <remarks>
/// Beside the node's own figures these are the runtime's (heap, collections, threads), and everything else that is measured under
/// <see cref="MeterName"/>. A collector that is away costs the node nothing: what it missed is gone.
/// </remarks>
public sealed class NodeMetrics : IDisposable
{
    /// <summary>The meter under which every part of a node measures.</summary>
    public const string MeterName = "Cluster";

    private const string RuntimeMeterName = "System.Runtime";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly Meter _meter = new(MeterName);
    private readonly MeterProvider _provider;

    private NodeMetrics(ClusterNode node, Uri collector)
    {
        ActorCluster membership = node.Membership;
        _meter.CreateObservableGauge(
            "cluster.members", () => CountByStatus(membership), "{node}", "Nodes of the cluster as this one knows it, by status.");
        _meter.CreateObservableGauge(
            "cluster.members.unreachable", () => membership.State.Unreachable.Count, "{node}", "Nodes that were silent for too long.");
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("cluster", serviceInstanceId: node.Name)
                .AddAttributes([new("cluster.roles", string.Join(',', node.Options.Roles)), new("cluster.system", node.Options.SystemName)]))
            .AddMeter(MeterName, RuntimeMeterName)
            .AddReader(new PeriodicExportingMetricReader(
                new OtlpMetricExporter(new OtlpExporterOptions
                {
                    Endpoint = new Uri(collector, "v1/metrics"),
                    Protocol = OtlpExportProtocol.HttpProtobuf,
                    TimeoutMilliseconds = (int)Deadline.TotalMilliseconds,
                }),
                (int)Interval.TotalMilliseconds,
                (int)Deadline.TotalMilliseconds))
            .Build();
    }

    /// <summary>Begins to measure and to send.</summary>
    /// <param name="node">The node.</param>
    /// <param name="collector">The collector, such as http://127.0.0.1:4318.</param>
    public static NodeMetrics Start(ClusterNode node, Uri collector)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(collector);
        return new NodeMetrics(node, collector);
    }

    /// <summary>What is wrong with a collector's address, or null.</summary>
    public static string? FindError(Uri collector)
    {
        ArgumentNullException.ThrowIfNull(collector);
        return collector is { IsAbsoluteUri: true, Scheme: "http" or "https", PathAndQuery: "/" } ? null
            : $"wanted http://HOST:PORT or https://HOST:PORT, got {collector}";
    }

    /// <summary>Sends what was measured since the last time, and ends.</summary>
    public void Dispose()
    {
        _provider.Shutdown((int)Deadline.TotalMilliseconds);
        _provider.Dispose();
        _meter.Dispose();
    }

    private static IEnumerable<Measurement<int>> CountByStatus(ActorCluster membership) => membership.State.Members
        .GroupBy(member => member.Status)
        .Select(group => new Measurement<int>(group.Count(), new KeyValuePair<string, object?>("status", group.Key.ToString())));
}
