using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Trees;

/// <summary>What a job says about a decision tree.</summary>
public sealed record TreeOptions : ModelOptions
{
    internal const string Gini = "gini", Entropy = "entropy", Variance = "variance";

    internal static readonly KeySet<TreeOptions> Declared = new KeySet<TreeOptions>(new())
        .Word(
            "task", "What the target is: one of several classes, or a number.", o => o.Regresses ? Regression : Classification,
            (o, value) => o with { Regresses = value == Regression }, [Classification, Regression], written: false)
        .Word(
            "criterion", "What a split makes smaller; auto is gini for classes and variance for numbers.", o => o.Criterion,
            (o, value) => o with { Criterion = value }, [Auto, Gini, Entropy, Variance], source: "Breiman et al., 1984")
        .Whole("depth", "The most splits above a leaf.", o => o.Depth, (o, value) => o with { Depth = value }, 1, DepthMax)
        .Whole("leaf-rows", "The fewest training rows of a leaf.", o => o.LeafRows, (o, value) => o with { LeafRows = value }, 1, int.MaxValue - 1, source: "scikit-learn")
        .Number(
            "gain", "How much a split must make the criterion smaller, as a mean over all training rows.", o => o.Gain,
            (o, value) => o with { Gain = value }, NumberRange.NotNegative, source: "scikit-learn")
        .Number(
            "pruning", "What a leaf costs: splits that gain less are taken back when the tree has grown.", o => o.Pruning,
            (o, value) => o with { Pruning = value }, NumberRange.NotNegative, source: "scikit-learn")
        .Whole("bins", "The most thresholds of a column, and one.", o => o.Bins, (o, value) => o with { Bins = value }, 2, BinsMax, source: "LightGBM")
        .Check((map, options) =>
        {
            if (options.Criterion != Auto && options.Regresses != (options.Criterion == Variance))
                map.Error("criterion", options.Regresses ? "variance with task: regression" : "gini or entropy with task: classification", "change one of the two, or leave criterion out");
        });

    /// <summary>A bin is a byte.</summary>
    internal const int BinsMax = 256;

    /// <summary>The deepest trees.</summary>
    internal const int DepthMax = 30;

    private const string Classification = "classification", Regression = "regression", Auto = "auto";

    /// <summary>Whether the target is a number and not a class.</summary>
    public bool Regresses { get; init; }

    /// <summary>What a split makes smaller: auto, gini, entropy or variance.</summary>
    public string Criterion { get; init; } = Auto;

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

    /// <summary>The rule that the criterion names.</summary>
    internal Growth.SplitRule RuleFor(int classes) => Regresses ? new VarianceRule() : Criterion == Entropy ? new EntropyRule(classes) : new GiniRule(classes);
}
