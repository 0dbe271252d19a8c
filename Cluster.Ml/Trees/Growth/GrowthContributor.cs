using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Trees.Growth;

/// <summary>Gathers what trees are grown from: first the values of columns, then histograms of nodes.</summary>
internal abstract class GrowthContributor : LeafContributor
{
    private readonly GrowthLayout _layout;
    private readonly BinnedRows _binned;
    private readonly SketchPass _sketches;
    private readonly int[] _starts;
    private readonly byte[] _rowBins;

    protected GrowthContributor(GrowthLearner learner)
        : base(learner)
    {
        (_layout, _binned, Grower) = (learner.Layout, learner.Binned, learner.Grower);
        _sketches = new SketchPass(_layout, learner.Sums.Salt);
        _starts = new int[_layout.Sizes.Features];
        _rowBins = new byte[_layout.Sizes.Features];
    }

    protected TreeGrower Grower { get; }

    protected GrowthPlan Plan { get; } = new();

    /// <summary>Where the bins of each column begin in a histogram.</summary>
    protected ReadOnlySpan<int> Starts => _starts;

    protected int HistogramLength { get; private set; }

    /// <summary>The slice that grows.</summary>
    protected int Slice { get; private set; }

    /// <summary>Histograms of a subtree are gathered into one: they are whole numbers, so that no order of adding changes a bit. The statistics are added as the tree says.</summary>
    public sealed override void Contribute(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step)
    {
        GrowthHeader header = new(state.Doubles);
        if (header.Sketched < _layout.Sizes.Features)
        {
            base.Contribute(state, subtree, contribution, step);
            return;
        }
        bool finished = header.Finished != 0;
        if (!finished) Begin(state);
        Span<double> histograms = contribution.Doubles.Slice(GrowthHead.Length, finished ? 0 : LengthOf(state.Doubles));
        GrowthHead head = new(contribution.Doubles);
        head.Begin(false, histograms.Length);
        (head.TargetLow, head.TargetHigh) = (0, 0);
        histograms.Clear();
        Sum(state.Doubles, subtree, histograms, head.Statistics);
    }

    protected sealed override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step) =>
        _sketches.Write(state.Doubles, leaf, contribution.Doubles);

    private void Begin(NumericBuffer state)
    {
        GrowthHeader header = new(state.Doubles);
        Slice = (int)header.Done;
        HistogramLength = Grower.HistogramLength(state.Doubles);
        BinTable bins = Grower.BinsOf(state.Doubles);
        for (int feature = 1; feature < _starts.Length; feature++)
            _starts[feature] = _starts[feature - 1] + (bins.CountOf(feature - 1) * _layout.Sizes.Channels);
        Grower.Plan(state.Doubles, Slice, Plan);
        Ready(state.Doubles);
    }

    private void Sum(Span<double> state, ReadOnlySpan<MicroBatch> subtree, Span<double> histograms, Span<double> statistics)
    {
        if (subtree.Length == 1)
        {
            statistics.Clear();
            statistics[StepStatistics.Examples] = subtree[0].Count;
            if (new GrowthHeader(state).Finished == 0) Gather(state, subtree[0], _binned.Of(state, subtree[0].Shard), histograms, statistics);
            return;
        }
        Span<double> right = stackalloc double[StepStatistics.Length];
        int half = subtree.Length / 2;
        Sum(state, subtree[..half], histograms, statistics);
        Sum(state, subtree[half..], histograms, right);
        for (int i = 0; i < right.Length; i++) statistics[i] += right[i];
    }

    /// <summary>Numbers that a step gathers.</summary>
    protected virtual int LengthOf(Span<double> state) => Plan.Places.Count * HistogramLength;

    /// <summary>Looks at the state before the leaves of a step.</summary>
    protected virtual void Ready(Span<double> state)
    {
    }

    /// <summary>Adds the rows of a micro-batch to the histograms of the nodes that they have come to.</summary>
    protected abstract void Gather(Span<double> state, in MicroBatch leaf, ReadOnlySpan<byte> binned, Span<double> histograms, Span<double> statistics);

    /// <summary>The bins of one row.</summary>
    protected ReadOnlySpan<byte> BinsOf(Span<double> state, in MicroBatch leaf, int position, ReadOnlySpan<byte> binned)
    {
        int features = _rowBins.Length;
        if (!binned.IsEmpty) return binned.Slice(position * features, features);
        BinnedRows.Fill(Grower.BinsOf(state), leaf.Shard.Table.DoublesOf(leaf.Shard.Rows[position]), _rowBins);
        return _rowBins;
    }
}
