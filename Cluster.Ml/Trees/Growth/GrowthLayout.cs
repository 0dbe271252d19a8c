using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Trees.Growth;

/// <summary>Sizes of what trees are grown from, and where the parts of state, optimizer state and contribution are.</summary>
/// <remarks>
/// Shapes  state [header, bins of each column [p], whether each is a distinct value [p], their bounds [p, bins], slices of nodes, tail];
///         optimizer state: histograms of nodes whose children wait, as many as fit; none where they hold drawn columns alone;
///         contribution [head, sketches of some columns, or histograms of some nodes]
/// Range   all lengths are known before the first step: a tree has at most 2^(depth + 1) − 1 nodes, and at most 2·rows − 1
/// </remarks>
internal sealed class GrowthLayout
{
    /// <summary>Values of a column that are looked at to place its bins.</summary>
    public const int SketchValuesMax = 8192;

    /// <summary>The most numbers that one step gathers, where one histogram is not larger: 8 MiB.</summary>
    public const int StepNumbersMax = 1 << 20;

    /// <summary>Numbers of the state that are no bins and no nodes.</summary>
    public const int HeaderLength = 16;

    private GrowthLayout(GrowthSizes sizes, int rows)
    {
        Sizes = sizes;
        SketchCapacity = Math.Max(sizes.Bins, Math.Min(rows, SketchValuesMax));
        SketchLength = ValueSketch.LengthOf(SketchCapacity);
        SketchFeatures = Math.Clamp(StepNumbersMax / SketchLength, 1, sizes.Features);
        NodesPerSlice = checked(sizes.Roots * NodesOf(sizes, rows));
        NodeLength = NodeTable.LengthOf(sizes.Channels);
        NodesStart = HeaderLength + (sizes.Features * (sizes.Bins + 2));
        TailStart = checked(NodesStart + (sizes.Slices * NodesPerSlice * NodeLength));
        StateLength = checked(TailStart + sizes.Tail);
        int histogram = sizes.HeldColumns * Math.Min(sizes.Bins, rows) * sizes.Channels;
        long placesMax = Math.Max(sizes.Roots, (NodesPerSlice + 1) / 2);
        HistogramCapacity = (int)Math.Max(histogram, Math.Min(sizes.StepNumbers, placesMax * histogram));
        OptimizerStateLength = sizes.Depth < 2 || sizes.HeldColumns < sizes.Features ? 0 : HistogramCapacity;
        ContributionLength = GrowthHead.Length + Math.Max(SketchFeatures * SketchLength, HistogramCapacity);
    }

    public GrowthSizes Sizes { get; }

    public int SketchCapacity { get; }

    public int SketchLength { get; }

    /// <summary>Columns whose values one step gathers.</summary>
    public int SketchFeatures { get; }

    public int SketchSteps => (Sizes.Features + SketchFeatures - 1) / SketchFeatures;

    public int NodeLength { get; }

    /// <summary>Nodes of the trees that grow side by side.</summary>
    public int NodesPerSlice { get; }

    public int NodesStart { get; }

    /// <summary>Where what is told of whole trees is.</summary>
    public int TailStart { get; }

    public int StateLength { get; }

    public int OptimizerStateLength { get; }

    public int HistogramCapacity { get; }

    public int ContributionLength { get; }

    /// <summary>The layout for some rows.</summary>
    /// <exception cref="BadInputException">A histogram or the trees would be too large.</exception>
    public static GrowthLayout Of(GrowthSizes sizes, string source, int rows)
    {
        const double numbersMax = NumericBuffer.LengthMax / 4.0;
        double histogram = (double)sizes.HeldColumns * sizes.Bins * sizes.Channels;
        if (histogram > numbersMax)
            throw new BadInputException(source, null, null, $"columns x bins x classes of at most {numbersMax}", $"{histogram}", "lower model.bins, or leave out columns with data.ignore");
        double nodes = (double)sizes.Slices * sizes.Roots * NodesOf(sizes, rows) * NodeTable.LengthOf(sizes.Channels);
        if (nodes > numbersMax)
            throw new BadInputException(source, null, null, $"trees of at most {numbersMax} numbers together", $"{nodes}", "lower model.depth, or grow fewer trees");
        return new GrowthLayout(sizes, rows);
    }

    /// <summary>Where a slice of nodes is.</summary>
    public Span<double> Slice(Span<double> state, int slice) =>
        state.Slice(NodesStart + (slice * NodesPerSlice * NodeLength), NodesPerSlice * NodeLength);

    private static int NodesOf(GrowthSizes sizes, int rows) =>
        (int)Math.Min((1L << (sizes.Depth + 1)) - 1, Math.Max(1, (2L * Math.Min(rows, sizes.Leaves)) - 1));
}

/// <summary>What decides the layout.</summary>
/// <param name="Features">Columns, p.</param>
/// <param name="Bins">The most bins of a column.</param>
/// <param name="Channels">Numbers that a bin sums.</param>
/// <param name="Depth">The most splits above a leaf.</param>
/// <param name="Roots">Trees that grow side by side.</param>
/// <param name="Slices">How often such trees are grown one after another.</param>
/// <param name="StepNumbers">Numbers of histograms that one step may gather, where one histogram is not larger.</param>
/// <param name="Leaves">The most leaves of a tree.</param>
/// <param name="Drawn">Columns that a histogram holds, where that is not all; 0 for all.</param>
/// <param name="Tail">Numbers behind the nodes, for what is told of whole trees.</param>
internal sealed record GrowthSizes(
    int Features, int Bins, int Channels, int Depth, int Roots = 1, int Slices = 1, int StepNumbers = GrowthLayout.StepNumbersMax,
    int Leaves = int.MaxValue, int Drawn = 0,
    int Tail = 0)
{
    /// <summary>Columns that a histogram holds.</summary>
    public int HeldColumns => Drawn > 0 ? Drawn : Features;
}
