using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees.Forest;

/// <summary>Counts classes, or sums numbers, of the rows that each tree draws; and judges whole trees by the rows that they have not drawn.</summary>
internal sealed class ForestContributor(ForestLearner learner) : GrowthContributor(learner)
{
    private readonly ClassificationSums _classes = new(Math.Max(2, learner.Classes));
    private readonly Bootstrap _bootstrap = new(learner.Seed);
    private readonly ForestVotes _votes = new(learner.Classes);
    private readonly int[] _ids = new int[Bootstrap.RowsAtOnce];
    private readonly byte[] _weights = new byte[Bootstrap.RowsAtOnce];
    private readonly bool[] _counted = new bool[learner.Layout.Sizes.Roots];
    private readonly NodeColumns _columns = learner.Grower.CreateColumns();
    private readonly double[] _targets = new double[Bootstrap.RowsAtOnce];
    private GrowingRows? _growing;
    private ColumnPermutation? _permutation;
    private int[] _held = [];           // [places, columns that a histogram holds]
    private int[] _starts = [];
    private byte[] _bins = [];          // of a block, where those of all rows are not kept
    private double[] _rows = [];        // of a block, once there is something to judge
    private bool _judging;

    public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums)
    {
        double centre = learner.Classes > 0 || rows.Count == 0 ? 0 : rows.Table.Targets[0];
        FixedPoint units = learner.UnitsOf(state.Doubles);
        foreach (int row in rows.Order.Span)
        {
            double target = rows.Table.Targets[row];
            Ask(state.Doubles, rows.Table.DoublesOf(row), units);
            double error = learner.Classes > 0 ? 0 : target - _votes.MeanOf(0, units);
            if (learner.Classes > 0) _classes.Add(sums, (int)target, _votes.ClassOf(0), _votes.LossOf(0, (int)target));
            else RegressionSums.Add(sums, target, error * error, centre);
        }
    }

    public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores)
    {
        FixedPoint units = learner.UnitsOf(state.Doubles);
        ReadOnlySpan<int> order = rows.Order.Span;
        for (int i = 0; i < order.Length; i++)
        {
            Ask(state.Doubles, rows.Table.DoublesOf(order[i]), units);
            predictions[i] = learner.Classes > 0 ? _votes.ClassOf(0) : _votes.MeanOf(0, units);
            if (scores.IsEmpty) continue;
            for (int c = 0; c < learner.Classes; c++) scores[(i * learner.Classes) + c] = _votes.ShareOf(0, c);
        }
    }

    protected override void Ready(Span<double> state)
    {
        _judging = new GrowthHeader(state).Judging != 0;
        if (_judging) return;
        (_growing ??= new GrowingRows(learner)).Begin(state, Slice);
        _counted.AsSpan().Clear();
        int held = _columns.HeldMax;
        if (_held.Length < Plan.Places.Count * held) (_held, _starts) = (new int[Plan.Places.Count * held], new int[Plan.Places.Count * held]);
        NodeTable nodes = Grower.NodesOf(state, Slice);
        BinTable bins = Grower.BinsOf(state);
        for (int place = 0; place < Plan.Places.Count; place++)
        {
            int at = Plan.Places[place].Node;
            ColumnSet columns = _columns.Of(nodes, Slice, at, bins);
            columns.Columns.CopyTo(_held.AsSpan(place * held));
            columns.Starts.CopyTo(_starts.AsSpan(place * held));
            if (columns.Count < held) _held[(place * held) + columns.Count] = -1;
            while (nodes[at].Parent > 0) at = (int)nodes[at].Parent - 1;
            _counted[at] = true;
        }
    }

    protected override int LengthOf(Span<double> state) =>
        !_judging ? base.LengthOf(state) : GrowthHeader.HeldOutLength + (learner.PermutesNext(state) ? learner.Layout.Sizes.Tail : 0);

    protected override void Gather(Span<double> state, in MicroBatch leaf, ReadOnlySpan<byte> binned, Span<double> histograms, Span<double> statistics)
    {
        statistics[StepStatistics.Examples] = 0;
        if (_judging)
        {
            Judge(state, leaf, histograms, statistics);
            return;
        }
        DrawnRows[] trees = _growing!.Take(leaf);
        for (int root = 0; root < trees.Length; root++)
            if (_counted[root]) trees[root].Rewind();
        if (binned.IsEmpty) CountInBlocks(state, leaf.Shard, trees, histograms);
        else Count(state, leaf.Shard, trees, binned, 0, leaf.Shard.Count, histograms);
        for (int root = 0; root < trees.Length; root++)
            if (_counted[root]) trees[root].Close();
        _growing.Keep(leaf.Shard, trees);
    }

    /// <summary>Adds the rows that the trees draw to the histograms of the nodes that they have come to.</summary>
    private void Count(Span<double> state, TrainingShard shard, DrawnRows[] trees, ReadOnlySpan<byte> bins, int first, int end, Span<double> histograms)
    {
        FixedPoint units = learner.UnitsOf(state);
        int features = learner.Layout.Sizes.Features;
        for (int root = 0; root < trees.Length; root++)
        {
            if (!_counted[root]) continue;
            while (trees[root].Next(end, _growing!.Nodes, bins, first, features, out int row, out int node, out byte weight))
                if (Plan.PlaceOf(node) is >= 0 and var place)
                    Add(histograms.Slice(place * HistogramLength, HistogramLength), place, bins.Slice((row - first) * features, features), shard.Table.Targets[shard.Rows[row]], weight, units);
        }
    }

    private void Add(Span<double> histogram, int place, ReadOnlySpan<byte> bins, double target, double weight, in FixedPoint units)
    {
        int held = _columns.HeldMax;
        ReadOnlySpan<int> columns = _held.AsSpan(place * held, held), starts = _starts.AsSpan(place * held, held);
        double value = learner.Classes > 0 ? 0 : weight * units.ToUnits(target);
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i] < 0) break;
            if (learner.Classes > 0)
            {
                histogram[starts[i] + (bins[columns[i]] * learner.Classes) + (int)target] += weight;
                continue;
            }
            int at = starts[i] + (bins[columns[i]] * 2);
            histogram[at + VarianceRule.Rows] += weight;
            histogram[at + VarianceRule.Sum] += value;
        }
    }

    private void CountInBlocks(Span<double> state, TrainingShard shard, DrawnRows[] trees, Span<double> histograms)
    {
        int features = learner.Layout.Sizes.Features;
        if (_bins.Length == 0) _bins = new byte[Bootstrap.RowsAtOnce * features];
        BinTable table = Grower.BinsOf(state);
        for (int first = 0; first < shard.Count; first += Bootstrap.RowsAtOnce)
        {
            int end = Math.Min(first + Bootstrap.RowsAtOnce, shard.Count);
            for (int row = first; row < end; row++)
                BinnedRows.Fill(table, shard.Table.DoublesOf(shard.Rows[row]), _bins.AsSpan((row - first) * features, features));
            Count(state, shard, trees, _bins, first, end, histograms);
        }
    }
    private void Judge(Span<double> state, in MicroBatch leaf, Span<double> heldOut, Span<double> statistics)
    {
        ReadOnlySpan<int> positions = leaf.Positions.Span;
        for (int done = 0; done < positions.Length; done += Bootstrap.RowsAtOnce)
        {
            ReadOnlySpan<int> block = positions.Slice(done, Math.Min(Bootstrap.RowsAtOnce, positions.Length - done));
            for (int i = 0; i < block.Length; i++) _ids[i] = leaf.Shard.Ids[block[i]];
            Judge(state, leaf.Shard, block, heldOut, statistics);
        }
    }

    /// <summary>Adds what the trees say of rows that they have not drawn: by thresholds, for such a row's bin may be one that the node knows nothing of.</summary>
    private void Judge(Span<double> state, TrainingShard shard, ReadOnlySpan<int> block, Span<double> heldOut, Span<double> statistics)
    {
        FixedPoint units = learner.UnitsOf(state);
        int features = learner.Layout.Sizes.Features, trees = learner.TreesOf(state);
        if (_rows.Length == 0) _rows = new double[Bootstrap.RowsAtOnce * features];
        for (int i = 0; i < block.Length; i++) shard.Table.DoublesOf(shard.Rows[block[i]]).CopyTo(_rows.AsSpan(i * features, features));
        for (int i = 0; i < block.Length; i++) _targets[i] = shard.Table.Targets[shard.Rows[block[i]]];
        bool permutes = learner.PermutesNext(state);
        if (permutes) _permutation ??= new ColumnPermutation(learner);
        _votes.Begin(block.Length);
        for (int tree = 0; tree < trees; tree++)
        {
            Span<byte> weights = _weights.AsSpan(0, block.Length);
            _bootstrap.Fill(tree, _ids.AsSpan(0, block.Length), weights);
            (int slice, int root) = learner.PlaceOf(tree);
            if (permutes) _permutation!.Add(state, tree, shard, _ids.AsSpan(0, block.Length), weights, _rows, _targets, heldOut[GrowthHeader.HeldOutLength..]);
            NodeTable nodes = Grower.NodesOf(state, slice);
            for (int i = 0; i < block.Length; i++)
                if (weights[i] == 0) _votes.Add(i, nodes[nodes.Find(root, _rows.AsSpan(i * features, features))], units);
        }
        for (int i = 0; i < block.Length; i++)
            if (_votes.VotersOf(i) > 0) Judge(state, i, shard.Table.Targets[shard.Rows[block[i]]], units, heldOut, statistics);
    }

    private void Judge(Span<double> state, int row, double target, in FixedPoint units, Span<double> heldOut, Span<double> statistics)
    {
        statistics[StepStatistics.Examples]++;
        heldOut[0]++;
        if (learner.Classes > 0)
        {
            statistics[StepStatistics.LossSum] += _votes.LossOf(row, (int)target);
            if (_votes.ClassOf(row) != (int)target) return;
            statistics[StepStatistics.Correct]++;
            heldOut[1]++;
            return;
        }
        double error = target - _votes.MeanOf(row, units);
        statistics[StepStatistics.LossSum] += error * error;
        GrowthHeader header = new(state);
        double range = header.TargetHigh - header.TargetLow;
        if (range == 0) return;
        FixedPoint shares = learner.HeldOutUnits;
        (double miss, double from) = (error / range, (target - units.Centre) / range);
        heldOut[1] += shares.ToUnits(miss * miss);
        heldOut[2] += shares.ToUnits(from);
        heldOut[3] += shares.ToUnits(from * from);
    }

    /// <summary>Lets all whole trees vote about one row.</summary>
    private void Ask(Span<double> state, ReadOnlySpan<double> x, in FixedPoint units)
    {
        int trees = learner.TreesOf(state);
        _votes.Begin(1);
        for (int tree = 0; tree < trees; tree++)
        {
            (int slice, int root) = learner.PlaceOf(tree);
            NodeTable nodes = Grower.NodesOf(state, slice);
            _votes.Add(0, nodes[nodes.Find(root, x)], units);
        }
    }
}
