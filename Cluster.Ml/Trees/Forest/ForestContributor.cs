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
    private readonly byte[] _bins = new byte[Bootstrap.RowsAtOnce * learner.Layout.Sizes.Features];
    private readonly bool[] _counted = new bool[learner.Layout.Sizes.Roots];
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
        _counted.AsSpan().Clear();
        NodeTable nodes = Grower.NodesOf(state, Slice);
        for (int i = 0; i < Plan.Places.Count; i++)
        {
            int at = Plan.Places[i].Node;
            while (nodes[at].Parent > 0) at = (int)nodes[at].Parent - 1;
            _counted[at] = true;
        }
    }

    protected override int LengthOf(Span<double> state) => _judging ? GrowthHeader.HeldOutLength : base.LengthOf(state);

    protected override void Gather(Span<double> state, in MicroBatch leaf, ReadOnlySpan<byte> binned, Span<double> histograms, Span<double> statistics)
    {
        statistics[StepStatistics.Examples] = 0;
        int features = learner.Layout.Sizes.Features;
        ReadOnlySpan<int> positions = leaf.Positions.Span;
        for (int done = 0; done < positions.Length; done += Bootstrap.RowsAtOnce)
        {
            ReadOnlySpan<int> block = positions.Slice(done, Math.Min(Bootstrap.RowsAtOnce, positions.Length - done));
            for (int i = 0; i < block.Length; i++)
            {
                _ids[i] = leaf.Shard.Ids[block[i]];
                if (!_judging) BinsOf(state, leaf, block[i], binned).CopyTo(_bins.AsSpan(i * features, features));
            }
            if (_judging) Judge(state, leaf.Shard, block, histograms, statistics);
            else Count(state, leaf.Shard, block, histograms);
        }
    }

    /// <summary>Adds the rows that a tree draws to the histograms of the nodes that they have come to.</summary>
    private void Count(Span<double> state, TrainingShard shard, ReadOnlySpan<int> block, Span<double> histograms)
    {
        FixedPoint units = learner.UnitsOf(state);
        NodeTable nodes = Grower.NodesOf(state, Slice);
        int features = learner.Layout.Sizes.Features;
        for (int root = 0; root < _counted.Length; root++)
        {
            if (!_counted[root]) continue;
            Span<byte> weights = _weights.AsSpan(0, block.Length);
            _bootstrap.Fill(((long)Slice * _counted.Length) + root, _ids.AsSpan(0, block.Length), weights);
            for (int i = 0; i < block.Length; i++)
            {
                if (weights[i] == 0) continue;
                ReadOnlySpan<byte> bins = _bins.AsSpan(i * features, features);
                int place = Plan.PlaceOf(nodes.Find(root, bins));
                if (place >= 0) Add(histograms.Slice(place * HistogramLength, HistogramLength), bins, shard.Table.Targets[shard.Rows[block[i]]], weights[i], units);
            }
        }
    }

    private void Add(Span<double> histogram, ReadOnlySpan<byte> bins, double target, double weight, in FixedPoint units)
    {
        ReadOnlySpan<int> starts = Starts;
        if (learner.Classes > 0)
        {
            for (int feature = 0; feature < bins.Length; feature++) histogram[starts[feature] + (bins[feature] * learner.Classes) + (int)target] += weight;
            return;
        }
        double value = weight * units.ToUnits(target);
        for (int feature = 0; feature < bins.Length; feature++)
        {
            int at = starts[feature] + (bins[feature] * 2);
            histogram[at + VarianceRule.Rows] += weight;
            histogram[at + VarianceRule.Sum] += value;
        }
    }

    /// <summary>Adds what the trees say of rows that they have not drawn: by thresholds, for such a row's bin may be one that the node knows nothing of.</summary>
    private void Judge(Span<double> state, TrainingShard shard, ReadOnlySpan<int> block, Span<double> heldOut, Span<double> statistics)
    {
        FixedPoint units = learner.UnitsOf(state);
        int features = learner.Layout.Sizes.Features, trees = learner.TreesOf(state);
        if (_rows.Length == 0) _rows = new double[Bootstrap.RowsAtOnce * features];
        for (int i = 0; i < block.Length; i++) shard.Table.DoublesOf(shard.Rows[block[i]]).CopyTo(_rows.AsSpan(i * features, features));
        _votes.Begin(block.Length);
        for (int tree = 0; tree < trees; tree++)
        {
            Span<byte> weights = _weights.AsSpan(0, block.Length);
            _bootstrap.Fill(tree, _ids.AsSpan(0, block.Length), weights);
            (int slice, int root) = learner.PlaceOf(tree);
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
