using Cluster.Messages.Api;
using Cluster.Seed.Dashboard.History;

namespace Cluster.Seed.Dashboard.Pages;

/// <summary>The cluster as its page shows it.</summary>
/// <param name="Nodes">Every node.</param>
/// <param name="Running">The jobs that run.</param>
/// <param name="Losses">What was lost, newest first.</param>
/// <param name="Events">What happened to nodes, newest first.</param>
/// <param name="Since">Since when this seed listens.</param>
public sealed record ClusterSight(
    ClusterView Nodes, ImmutableArray<JobRow> Running, ImmutableArray<NodeLoss> Losses, ImmutableArray<HistoryEvent> Events, DateTimeOffset Since);
