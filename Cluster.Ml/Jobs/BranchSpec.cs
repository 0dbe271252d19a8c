namespace Cluster.Ml.Jobs;

/// <summary>A branch of a network: layers one after another.</summary>
/// <param name="Source">The named layer whose output it reads; null for what the join that it belongs to would read.</param>
/// <param name="Layers">The layers; none to pass the source on.</param>
public sealed record BranchSpec(string? Source, IReadOnlyList<LayerSpec> Layers);
