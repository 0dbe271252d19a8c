namespace Cluster.Ml.Trees.Growth;

/// <summary>Grows trees level by level from histograms: what the parameter server does with the sums of a step.</summary>
/// <remarks>
/// Determinism  histograms are whole numbers, hence exact; splits are searched node by node, column by column
/// Source       level-wise histograms: Chen and Guestrin, "XGBoost", KDD 2016, § 3 and 4; the difference of siblings: Ke et al., "LightGBM", NIPS 2017
/// </remarks>
internal sealed class TreeGrower
{
    private readonly GrowthLayout _layout;
    private readonly SplitRule _rule;
    private readonly GrowthLimits _limits;
    private readonly Func<ReadOnlySpan<double>, double> _valueOf;
    private readonly SplitSearch _search;
    private readonly GrowthPlan _plan = new();
    private readonly int[] _order;
    private readonly double[] _sums;

    /// <summary>Grows trees of one layout.</summary>
    /// <param name="layout">Sizes.</param>
    /// <param name="rule">What a split gains.</param>
    /// <param name="limits">When to stop.</param>
    /// <param name="valueOf">What a node of such sums says.</param>
    public TreeGrower(GrowthLayout layout, SplitRule rule, GrowthLimits limits, Func<ReadOnlySpan<double>, double> valueOf)
    {
        (_layout, _rule, _limits, _valueOf) = (layout, rule, limits, valueOf);
        _search = new SplitSearch(rule, limits.LeafRows);
        _order = limits.Columns is null ? [] : new int[layout.Sizes.Features];
        _sums = new double[rule.Channels];
    }

    /// <summary>The bins in a state.</summary>
    public BinTable BinsOf(Span<double> state) => new(state, _layout.Sizes.Features, _layout.Sizes.Bins);

    /// <summary>Trees that grow side by side, or have grown.</summary>
    public NodeTable NodesOf(Span<double> state, int slice) => new(_layout.Slice(state, slice), _layout.NodeLength);

    /// <summary>Numbers of one histogram.</summary>
    public int HistogramLength(Span<double> state) => BinsOf(state).Total * _rule.Channels;

    /// <summary>Lets the roots of a slice wait.</summary>
    /// <param name="state">Changed.</param>
    /// <param name="slice">Which slice.</param>
    /// <param name="roots">How many trees it has, of those for which there is room.</param>
    public void Plant(Span<double> state, int slice, int roots)
    {
        NodeTable nodes = NodesOf(state, slice);
        for (int root = 0; root < roots; root++) nodes[root].Wait();
        new GrowthHeader(state).Nodes = _layout.Sizes.Roots;
    }

    /// <summary>Whose histograms the next step gathers.</summary>
    public void Plan(Span<double> state, int slice, GrowthPlan plan) => plan.Set(
        NodesOf(state, slice), (int)new GrowthHeader(state).Nodes, Math.Max(1, _layout.HistogramCapacity / HistogramLength(state)));

    /// <summary>Splits the nodes of a step.</summary>
    /// <param name="state">Changed.</param>
    /// <param name="kept">Histograms of nodes whose children wait.</param>
    /// <param name="gathered">The sums of a step, [places, histogram].</param>
    /// <param name="slice">Which slice grows.</param>
    /// <returns>Whether nodes wait still.</returns>
    public bool Grow(Span<double> state, Span<double> kept, ReadOnlySpan<double> gathered, int slice)
    {
        Plan(state, slice, _plan);
        int length = HistogramLength(state);
        NodeTable nodes = NodesOf(state, slice);
        SlotTable slots = new(kept, length, nodes, (int)new GrowthHeader(state).Nodes);
        for (int place = 0; place < _plan.Places.Count; place++)
        {
            ReadOnlySpan<double> histogram = gathered.Slice(place * length, length);
            (int node, int sibling, int parent) = _plan.Places[place];
            if (sibling < 0) Gathered(node, histogram, state, nodes, slots);
            else Pair(node, sibling, parent, histogram, state, nodes, slots);
        }
        for (int i = 0; i < (int)new GrowthHeader(state).Nodes; i++)
            if (nodes[i].IsWaiting) return true;
        return false;
    }

    /// <summary>A node whose histogram was gathered, and its sibling, whose is the difference; the left one first, so that children are numbered alike either way.</summary>
    private void Pair(int node, int sibling, int parent, ReadOnlySpan<double> histogram, Span<double> state, NodeTable nodes, SlotTable slots)
    {
        int slot = (int)nodes[parent].Slot - 1;
        Span<double> difference = slots[slot];
        for (int i = 0; i < difference.Length; i++) difference[i] -= histogram[i];
        nodes[parent].Slot = 0;
        if (node < sibling) Gathered(node, histogram, state, nodes, slots);
        if (Decide(state, nodes, sibling, difference)) nodes[sibling].Slot = slot + 1;
        else slots.Free(slot);
        if (node > sibling) Gathered(node, histogram, state, nodes, slots);
    }

    private void Gathered(int node, ReadOnlySpan<double> histogram, Span<double> state, NodeTable nodes, SlotTable slots)
    {
        if (Decide(state, nodes, node, histogram) && slots.TryKeep(histogram) is >= 0 and var slot) nodes[node].Slot = slot + 1;
    }

    /// <summary>Splits a node, or makes it a leaf.</summary>
    /// <returns>Whether both children wait, so that one histogram gives the other.</returns>
    private bool Decide(Span<double> state, NodeTable nodes, int index, ReadOnlySpan<double> histogram)
    {
        GrowthHeader header = new(state);
        NodeTable.Node node = nodes[index];
        BinTable bins = BinsOf(state);
        if (node.Parent == 0)
        {
            SplitSearch.Total(bins, histogram, node.Sums);
            Describe(node);
            if (IsLeaf(node)) return Closed(node);
        }
        ReadOnlySpan<int> drawn = _limits.Columns is { } columns ? Draw(columns, nodes, (int)header.Done, index, bins, histogram) : [];
        Split? best = _search.Best(bins, histogram, node.Sums, drawn);
        int left = (int)header.Nodes;
        if (best is not { } split || !_rule.Accepts(split.Gain, node.Sums, _limits.LeastGain * header.Rows) || left + 2 > nodes.Count) return Closed(node);
        _search.LeftOf(bins, histogram, split, _sums);
        node.Split(split, left);
        header.Nodes = left + 2;
        bool leftWaits = Child(nodes[left], node, index, _sums);
        for (int i = 0; i < _sums.Length; i++) _sums[i] = node.Sums[i] - _sums[i];
        return Child(nodes[left + 1], node, index, _sums) && leftWaits;
    }

    /// <summary>The columns drawn for a node: as many as are wanted, and more while all of them are constant in it.</summary>
    private ReadOnlySpan<int> Draw(IColumnOrder columns, NodeTable nodes, int slice, int index, BinTable bins, ReadOnlySpan<double> histogram)
    {
        columns.Fill(nodes, slice, index, _order);
        (int drawn, bool varies) = (0, false);
        for (; drawn < _order.Length && (drawn < columns.Count || !varies); drawn++) varies |= _search.Varies(bins, histogram, _order[drawn]);
        return _order.AsSpan(0, drawn);
    }

    private bool Child(NodeTable.Node child, NodeTable.Node parent, int parentIndex, ReadOnlySpan<double> sums)
    {
        child.Wait();
        sums.CopyTo(child.Sums);
        (child.Parent, child.Depth) = (parentIndex + 1, parent.Depth + 1);
        Describe(child);
        if (!IsLeaf(child)) return true;
        child.Close();
        return false;
    }

    private void Describe(NodeTable.Node node) => (node.Rows, node.Value) = (_rule.RowsOf(node.Sums), _valueOf(node.Sums));

    private bool IsLeaf(NodeTable.Node node) =>
        node.Depth >= _layout.Sizes.Depth || node.Rows < 2.0 * _limits.LeafRows || _rule.IsPure(node.Sums);

    private static bool Closed(NodeTable.Node node)
    {
        node.Close();
        return false;
    }
}

/// <summary>When a tree stops growing.</summary>
/// <param name="LeafRows">Rows of a leaf, at least.</param>
/// <param name="LeastGain">What a split must gain, as a mean over all training rows.</param>
/// <param name="Columns">Which columns a node may be split by; null for all.</param>
internal sealed record GrowthLimits(int LeafRows, double LeastGain, IColumnOrder? Columns = null);

/// <summary>In which order columns are offered to a node, and how many.</summary>
internal interface IColumnOrder
{
    /// <summary>How many, unless all of those are constant in the node.</summary>
    int Count { get; }

    /// <summary>Writes the order for one node, [features]: a function of the node's place in its tree, not of when it is asked for.</summary>
    void Fill(NodeTable nodes, int slice, int node, Span<int> order);
}
