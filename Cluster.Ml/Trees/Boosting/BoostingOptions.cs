using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Trees.Boosting;

/// <summary>What a job says about boosted trees.</summary>
public sealed record BoostingOptions : ModelOptions
{
    internal static readonly KeySet<BoostingOptions> Declared = new KeySet<BoostingOptions>(new())
        .Task(o => o.Regresses, (o, value) => o with { Regresses = value })
        .Whole("rounds", "How often trees are added.", o => o.Rounds, (o, value) => o with { Rounds = value }, 1, 10_000, source: "scikit-learn")
        .Number("rate", "What each tree is multiplied by.", o => o.Rate, (o, value) => o with { Rate = value }, NumberRange.Factor, source: "scikit-learn")
        .Whole("depth", "The most splits above a leaf.", o => o.Depth, (o, value) => o with { Depth = value }, 1, 16)
        .Whole("leaf-rows", "The fewest training rows of a leaf.", o => o.LeafRows, (o, value) => o with { LeafRows = value }, 1, int.MaxValue - 1, source: "scikit-learn")
        .Whole("bins", "The most thresholds of a column, and one.", o => o.Bins, (o, value) => o with { Bins = value }, 2, TreeOptions.BinsMax, source: "LightGBM");

    /// <summary>Whether the target is a number and not a class.</summary>
    public bool Regresses { get; init; }

    /// <summary>How often trees are added.</summary>
    public int Rounds { get; init; } = 100;

    /// <summary>What each tree is multiplied by.</summary>
    public double Rate { get; init; } = 0.1;

    /// <summary>The most splits above a leaf.</summary>
    public int Depth { get; init; } = 5;

    /// <summary>The fewest training rows of a leaf.</summary>
    public int LeafRows { get; init; } = 20;

    /// <summary>The most bins of a column.</summary>
    public int Bins { get; init; } = TreeOptions.BinsMax;
}
