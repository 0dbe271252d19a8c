namespace Cluster.Ml.Jobs;

/// <summary>Bounds of the features that are known before any row is looked at; min-max scaling brings them to 0 and 1.</summary>
/// <param name="Low">The lower bound of each column; one for all.</param>
/// <param name="High">The upper bound of each column, above the lower; one for all.</param>
public sealed record ScaleBounds(IReadOnlyList<double> Low, IReadOnlyList<double> High);
