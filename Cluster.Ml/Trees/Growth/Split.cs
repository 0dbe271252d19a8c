namespace Cluster.Ml.Trees.Growth;

/// <summary>Rows with x[Feature] ≤ Threshold go left.</summary>
/// <param name="Feature">Which column.</param>
/// <param name="Bin">The last bin that goes left.</param>
/// <param name="Threshold">Halfway between the values on both sides.</param>
/// <param name="Gain">What the rule says that is gained, summed over rows.</param>
internal readonly record struct Split(int Feature, int Bin, double Threshold, double Gain);
