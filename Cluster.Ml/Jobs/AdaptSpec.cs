namespace Cluster.Ml.Jobs;

/// <summary>Domain adaptation of a network: what tells rows of one domain from rows of the other, and what the network is to hide from it.</summary>
/// <param name="From">The named layer whose output it reads; null for what the output layer reads.</param>
/// <param name="Layers">Its hidden layers.</param>
/// <param name="Weight">What the reversed gradient grows to; 0 leaves the network as if there were no other domain.</param>
public sealed record AdaptSpec(string? From, IReadOnlyList<LayerSpec> Layers, double Weight);
