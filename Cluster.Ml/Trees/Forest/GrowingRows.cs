using System.Runtime.CompilerServices;
using Cluster.Ml.Data;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees.Forest;

/// <summary>The rows that the growing trees have drawn of each shard, kept from step to step.</summary>
/// <remarks>
/// Range  what is kept is used only where bins and trees are those of the step before, grown further: otherwise rows are drawn and go down from the root again,
///        so that a result never depends on what was asked before
/// Cost   at most 9 bytes a row and growing tree, of which <see cref="ForestLearner"/> lets few grow side by side where rows are many
/// </remarks>
internal sealed class GrowingRows(ForestLearner learner)
{
    private readonly PackedNode[] _nodes = new PackedNode[learner.Layout.NodesPerSlice];
    private readonly PackedNode[] _now = new PackedNode[learner.Layout.NodesPerSlice];
    private readonly double[] _bounds = new double[learner.Layout.NodesStart - GrowthLayout.HeaderLength];
    private readonly Bootstrap _bootstrap = new(learner.Seed);
    private readonly int[] _ids = new int[Bootstrap.RowsAtOnce];
    private readonly byte[] _weights = new byte[Bootstrap.RowsAtOnce];
    private ConditionalWeakTable<TrainingShard, DrawnRows[]> _kept = [];
    private int _slice = -1;
    private int _count;

    /// <summary>The trees as they are now.</summary>
    public ReadOnlySpan<PackedNode> Nodes => _nodes;

    /// <summary>Looks at the state of a step.</summary>
    public void Begin(Span<double> state, int slice)
    {
        NodeTable nodes = learner.Grower.NodesOf(state, slice);
        int count = (int)new GrowthHeader(state).Nodes;
        for (int i = 0; i < count; i++) _now[i] = PackedNode.Of(nodes[i]);
        ReadOnlySpan<double> bounds = state.Slice(GrowthLayout.HeaderLength, _bounds.Length);
        if (slice != _slice || !HasGrown(count) || !bounds.SequenceEqual(_bounds))
        {
            _kept = [];
            bounds.CopyTo(_bounds);
        }
        _now.AsSpan(0, count).CopyTo(_nodes);
        (_slice, _count) = (slice, count);
    }

    /// <summary>The rows of a shard, a list a growing tree; they are kept no longer, so that a step which fails leaves nothing behind.</summary>
    public DrawnRows[] Take(in MicroBatch leaf)
    {
        if (_kept.TryGetValue(leaf.Shard, out DrawnRows[]? kept))
        {
            _kept.Remove(leaf.Shard);
            return kept;
        }
        var trees = new DrawnRows[learner.Layout.Sizes.Roots];
        for (int root = 0; root < trees.Length; root++)
        {
            trees[root] = new DrawnRows(leaf.Count);
            Draw(leaf, root, trees[root]);
        }
        return trees;
    }

    /// <summary>Keeps the rows of a shard for the next step.</summary>
    public void Keep(TrainingShard shard, DrawnRows[] trees) => _kept.AddOrUpdate(shard, trees);

    private void Draw(in MicroBatch leaf, int root, DrawnRows rows)
    {
        long tree = ((long)_slice * learner.Layout.Sizes.Roots) + root;
        ReadOnlySpan<int> positions = leaf.Positions.Span;
        for (int done = 0; done < positions.Length; done += Bootstrap.RowsAtOnce)
        {
            int count = Math.Min(Bootstrap.RowsAtOnce, positions.Length - done);
            for (int i = 0; i < count; i++) _ids[i] = leaf.Shard.Ids[positions[done + i]];
            _bootstrap.Fill(tree, _ids.AsSpan(0, count), _weights.AsSpan(0, count));
            for (int i = 0; i < count; i++) rows.Add(positions[done + i], root, _weights[i]);
        }
    }

    /// <summary>Whether the trees are those of the step before, but for nodes that waited.</summary>
    private bool HasGrown(int count)
    {
        if (count < _count) return false;
        for (int i = 0; i < _count; i++)
            if (_nodes[i].Kind != PackedNode.Sort.Open && _nodes[i] != _now[i]) return false;
        return true;
    }
}
