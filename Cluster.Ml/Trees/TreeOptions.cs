using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Trees;

/// <summary>What a job says about a decision tree.</summary>
public sealed record TreeOptions : ModelOptions
{
    internal static readonly KeySet<TreeOptions> Declared = new KeySet<TreeOptions>(new())
        .Task(o => o.Regresses, (o, value) => o with { Regresses = value })
        .Criterion(o => o.Criterion, (o, value) => o with { Criterion = value }, o => o.Regresses)
        .Whole("depth", "The most splits above a leaf.", o => o.Depth, (o, value) => o with { Depth = value }, 1, DepthMax)
        .Whole("leaf-rows", "The fewest training rows of a leaf.", o => o.LeafRows, (o, value) => o with { LeafRows = value }, 1, int.MaxValue - 1, source: "scikit-learn")
        .Number(
            "gain", "How much a split must make the criterion smaller, as a mean over all training rows.", o => o.Gain,
            (o, value) => o with { Gain = value }, NumberRange.NotNegative, source: "scikit-learn")
        .Number(
            "pruning", "What a leaf costs: splits that gain less are taken back when the tree has grown.", o => o.Pruning,
            (o, value) => o with { Pruning = value }, NumberRange.NotNegative, source: "scikit-learn")
        .Whole("bins", "The most thresholds of a column, and one.", o => o.Bins, (o, value) => o with { Bins = value }, 2, BinsMax, source: "LightGBM");

    /// <summary>A bin is a byte.</summary>
    internal const int BinsMax = 256;

    /// <summary>The deepest trees.</summary>
    internal const int DepthMax = 30;

    /// <summary>Whether the target is a number and not a class.</summary>
    public bool Regresses { get; init; }

    /// <summary>What a split makes smaller: auto, gini, entropy or variance.</summary>
    public string Criterion { get; init; } = SplitCriterion.Auto;

    /// <summary>The most splits above a leaf.</summary>
    public int Depth { get; init; } = 10;

    /// <summary>The fewest training rows of a leaf.</summary>
    public int LeafRows { get; init; } = 1;

    /// <summary>How much a split must make the criterion smaller, as a mean over all training rows.</summary>
    public double Gain { get; init; }

    /// <summary>α of cost-complexity pruning.</summary>
    public double Pruning { get; init; }

    /// <summary>The most bins of a column.</summary>
    public int Bins { get; init; } = BinsMax;
}
