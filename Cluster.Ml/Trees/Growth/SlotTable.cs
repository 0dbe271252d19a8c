namespace Cluster.Ml.Trees.Growth;

/// <summary>Room for the histograms of nodes whose children wait; where it is full, children are gathered one by one.</summary>
internal readonly ref struct SlotTable
{
    private readonly Span<double> _numbers;
    private readonly int _length;
    private readonly bool[] _taken;

    /// <summary>Over the optimizer state.</summary>
    /// <param name="numbers">All room.</param>
    /// <param name="length">Numbers of one histogram.</param>
    /// <param name="nodes">Say which slots they hold.</param>
    /// <param name="count">How many nodes.</param>
    public SlotTable(Span<double> numbers, int length, NodeTable nodes, int count)
    {
        _numbers = numbers;
        _length = length;
        _taken = new bool[length == 0 ? 0 : numbers.Length / length];
        for (int i = 0; i < count; i++)
            if (nodes[i].IsSplit && nodes[i].Slot > 0) _taken[(int)nodes[i].Slot - 1] = true;
    }

    public Span<double> this[int slot] => _numbers.Slice(slot * _length, _length);

    public void Free(int slot) => _taken[slot] = false;

    /// <summary>Keeps a copy in the first free slot; −1 if there is none.</summary>
    public int TryKeep(ReadOnlySpan<double> histogram)
    {
        int slot = Array.IndexOf(_taken, false);
        if (slot < 0) return -1;
        _taken[slot] = true;
        histogram.CopyTo(this[slot]);
        return slot;
    }
}
