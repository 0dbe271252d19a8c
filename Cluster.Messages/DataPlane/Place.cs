namespace Cluster.Messages.DataPlane;

/// <summary>The receiver's side of one vector: its memory, and which slices have come. Not safe for several threads.</summary>
internal sealed class Place
{
    private readonly bool[] _arrived;
    private int _left;

    /// <param name="memory">The vector's memory: 1 to <see cref="DataPlaneLimits.VectorBytesMax"/> bytes.</param>
    public Place(Memory<byte> memory)
    {
        Memory = memory;
        _left = ((memory.Length - 1) / DataPlaneLimits.SliceBytes) + 1;
        _arrived = new bool[_left];
    }

    public Memory<byte> Memory { get; }

    public bool IsWhole => _left == 0;

    /// <summary>Completed when the memory is not written any more; set while a place that was given up is still being written.</summary>
    public TaskCompletionSource? Released { get; set; }

    public bool IsBeingWritten { get; set; }

    /// <summary>Whether numbers fit the place: they end with a slice, or with the vector.</summary>
    public string? FindError(int offset, int length)
    {
        int end = offset + length;
        if (end > Memory.Length) return $"wanted numbers of a vector of {Memory.Length} bytes, got some that end at {end}";
        return end == Memory.Length || end % DataPlaneLimits.SliceBytes == 0 ? null : $"wanted whole slices of {DataPlaneLimits.SliceBytes} bytes, got some that end at {end}";
    }

    /// <summary>How many slices these are.</summary>
    public int Count(int offset, int length) => Slices(offset, length).Length;

    /// <summary>How many of these have come: what is repeated is not written again, for somebody may be reading it.</summary>
    public int CountArrived(int offset, int length) => Slices(offset, length).Count(true);

    /// <summary>Takes of numbers that were received elsewhere those slices that have not come.</summary>
    public void CopyMissing(int offset, ReadOnlySpan<byte> numbers)
    {
        Span<bool> slices = Slices(offset, numbers.Length);
        for (int i = 0; i < slices.Length; i++)
        {
            int begin = i * DataPlaneLimits.SliceBytes, end = Math.Min(begin + DataPlaneLimits.SliceBytes, numbers.Length);
            if (!slices[i]) numbers[begin..end].CopyTo(Memory.Span[(offset + begin)..]);
        }
    }

    public void Mark(int offset, int length)
    {
        Span<bool> slices = Slices(offset, length);
        _left -= slices.Count(false);
        slices.Fill(true);
    }

    private Span<bool> Slices(int offset, int length)
    {
        int first = offset / DataPlaneLimits.SliceBytes, last = (offset + length - 1) / DataPlaneLimits.SliceBytes;
        return _arrived.AsSpan(first, last - first + 1);
    }
}
