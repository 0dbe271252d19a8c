using Cluster.Ml.Aggregation.Robust;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Aggregation;

/// <summary>How contributions may be brought together, one a line.</summary>
public static class AggregateRegistry
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<NamedChoice> All =
    [
        Mean.Declared,
        Median.Declared,
        TrimmedMean.Declared,
        Krum.Declared,
        MultiKrum.Declared,
        Bulyan.Declared,
        Faba.Declared,
        CentredClipping.Declared,
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(aggregate => aggregate.Name)];
}
