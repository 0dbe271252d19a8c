using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Trees.Forest;

/// <summary>What a job says about a random forest.</summary>
public sealed record ForestOptions : ModelOptions
{
    internal static readonly KeySet<ForestOptions> Declared = new KeySet<ForestOptions>(new())
        .Task(o => o.Regresses, (o, value) => o with { Regresses = value })
        .Whole("trees", "How many trees.", o => o.Trees, (o, value) => o with { Trees = value }, 1, 10_000, source: "scikit-learn")
        .Criterion(o => o.Criterion, (o, value) => o with { Criterion = value }, o => o.Regresses)
        .WholeOrWord(
            "columns", "How many columns, drawn at random, a node may be split by; sqrt is the square root of all, third is p/3.", o => o.Columns,
            (o, value) => o with { Columns = value }, 1, int.MaxValue - 1, [new("sqrt", Sqrt), new("third", Third), new("all", All)])
        .Otherwise("of classes sqrt, of numbers third", o => o.Columns != 0)
        .Flag(
            "permutation", "Whether it is also measured what each column is worth: what the trees lose on rows out of bag if it has the value of another row.",
            o => o.Permutation, (o, value) => o with { Permutation = value })
        .Whole("depth", "The most splits above a leaf.", o => o.Depth, (o, value) => o with { Depth = value }, 1, TreeOptions.DepthMax)
        .Whole("leaf-rows", "The fewest training rows of a leaf.", o => o.LeafRows, (o, value) => o with { LeafRows = value }, 1, int.MaxValue - 1, source: "scikit-learn")
        .Whole("bins", "The most thresholds of a column, and one.", o => o.Bins, (o, value) => o with { Bins = value }, 2, TreeOptions.BinsMax, source: "LightGBM");

    private const int Sqrt = -1, Third = -2, All = -3;

    /// <summary>Whether the target is a number and not a class.</summary>
    public bool Regresses { get; init; }

    /// <summary>How many trees.</summary>
    public int Trees { get; init; } = 100;

    /// <summary>What a split makes smaller: auto, gini, entropy or variance.</summary>
    public string Criterion { get; init; } = SplitCriterion.Auto;

    /// <summary>How many columns a node may be split by; 0 for what suits the target, below it a word.</summary>
    public int Columns { get; init; }

    /// <summary>Whether importances are measured by permutation, too.</summary>
    public bool Permutation { get; init; }

    /// <summary>The most splits above a leaf.</summary>
    public int Depth { get; init; } = 16;

    /// <summary>The fewest training rows of a leaf, each counted as often as the tree draws it.</summary>
    public int LeafRows { get; init; } = 1;

    /// <summary>The most bins of a column.</summary>
    public int Bins { get; init; } = TreeOptions.BinsMax;

    /// <summary>How many columns a node may be split by, of so many.</summary>
    internal int ColumnsOf(int features)
    {
        int chosen = Columns != 0 ? Columns : Regresses ? Third : Sqrt;
        return Math.Clamp(chosen switch { Sqrt => (int)Math.Sqrt(features), Third => features / 3, All => features, _ => chosen }, 1, features);
    }
}
