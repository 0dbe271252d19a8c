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
    private readonly NodeColumns _columns;
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
        _columns = CreateColumns();
        _sums = new double[rule.Channels];
    }

    /// <summary>The bins in a state.</summary>
    public BinTable BinsOf(Span<double> state) => new(state, _layout.Sizes.Features, _layout.Sizes.Bins);

    /// <summary>Trees that grow side by side, or have grown.</summary>
    public NodeTable NodesOf(Span<double> state, int slice) => new(_layout.Slice(state, slice), _layout.NodeLength);

    /// <summary>Numbers of one histogram.</summary>
    public int HistogramLength(Span<double> state) => _columns.LengthMax(BinsOf(state));

    /// <summary>Which columns histograms hold, for one thread.</summary>
    public NodeColumns CreateColumns() => new(_layout.Sizes.Features, _rule.Channels, _limits.Columns);

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
        ColumnSet held = _columns.Of(nodes, (int)header.Done, index, bins);
        if (node.Parent == 0)
        {
            SplitSearch.Total(bins, histogram, held, node.Sums);
            Describe(node);
            if (IsLeaf(node)) return Closed(node);
        }
        Split? best = Choose(node, histogram, bins, held);
        if (node.IsWaiting && best is null && node.Tried > 0) return false;
        int left = (int)header.Nodes;
        if (best is not { } split || !_rule.Accepts(split.Gain, node.Sums, _limits.LeastGain * header.Rows) || left + 2 > nodes.Count) return Closed(node);
        _search.LeftOf(histogram, split, held, _sums);
        node.Split(split, left);
        header.Nodes = left + 2;
        bool leftWaits = Child(nodes[left], node, index, _sums);
        for (int i = 0; i < _sums.Length; i++) _sums[i] = node.Sums[i] - _sums[i];
        return Child(nodes[left + 1], node, index, _sums) && leftWaits;
    }

    /// <summary>The best split by the columns drawn for a node: as many as are wanted, and more, one by one, while all of them are constant in it.</summary>
    private Split? Choose(NodeTable.Node node, ReadOnlySpan<double> histogram, BinTable bins, ColumnSet held)
    {
        int tried = (int)node.Tried, wanted = tried > 0 ? 0 : _columns.Wanted;
        node.Tried = 0;
        if (_search.Best(bins, histogram, node.Sums, held.Slice(0, wanted)) is { } best) return best;
        int constant = _search.ConstantAhead(bins, histogram, held);
        if (constant < wanted) return null;     // one varies, but leaves too few rows on a side
        if (constant < held.Count) return _search.Best(bins, histogram, node.Sums, held.Slice(constant, 1));
        if (tried + held.Count < _layout.Sizes.Features) node.Tried = tried + held.Count;
        return null;
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

    /// <summary>Puts the first columns of a node's order in front: a function of the node's place in its tree, not of when it is asked for.</summary>
    /// <param name="nodes">The slice.</param>
    /// <param name="slice">Which.</param>
    /// <param name="node">Whose order.</param>
    /// <param name="columns">[features], all columns, ascending.</param>
    /// <param name="count">How many are put in front.</param>
    void Fill(NodeTable nodes, int slice, int node, Span<int> columns, int count);
}
