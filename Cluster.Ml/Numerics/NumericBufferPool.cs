namespace Cluster.Ml.Numerics;

/// <summary>Lends buffers, so that a training step allocates none. Safe to use from every thread.</summary>
/// <remarks>
/// Range     the renter of a buffer owns it and may give it away in a message; the last owner returns it
/// Cost      a lock and a dictionary look-up; the numbers of a lent buffer are whatever its last owner left
/// </remarks>
public sealed class NumericBufferPool
{
    /// <summary>How many unused buffers of one kind and length are kept; more are left to the garbage collector.</summary>
    public const int KeptMax = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<(NumberKind Kind, int Length), Stack<NumericBuffer>> _kept = [];
    private readonly HashSet<NumericBuffer> _idle = new(ReferenceEqualityComparer.Instance);

    /// <summary>The pool of this process: a worker rents from it what a parameter server of the same process returns.</summary>
    public static NumericBufferPool Shared { get; } = new();

    /// <summary>How many unused buffers are kept now.</summary>
    public int Idle
    {
        get
        {
            lock (_lock) return _idle.Count;
        }
    }

    /// <summary>Lends a buffer; its numbers are not cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or too large.</exception>
    public NumericBuffer Rent(NumberKind kind, int length)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue((kind, length), out Stack<NumericBuffer>? kept) && kept.TryPop(out NumericBuffer? buffer))
            {
                _idle.Remove(buffer);
                return buffer;
            }
        }
        return new NumericBuffer(kind, length);
    }

    /// <summary>Takes a buffer back, rented or not; the caller must not touch it again.</summary>
    /// <exception cref="InvalidOperationException">It was returned already, and could be lent to two owners at once.</exception>
    public void Return(NumericBuffer buffer)
    {
        lock (_lock)
        {
            if (_idle.Contains(buffer))
                throw new InvalidOperationException($"NumericBufferPool.Return: wanted a buffer on loan, got {buffer.Kind}[{buffer.Length}] for the second time.");
            if (!_kept.TryGetValue((buffer.Kind, buffer.Length), out Stack<NumericBuffer>? kept))
                _kept[(buffer.Kind, buffer.Length)] = kept = new Stack<NumericBuffer>();
            if (kept.Count >= KeptMax) return;
            kept.Push(buffer);
            _idle.Add(buffer);
        }
    }

    /// <summary>Lends the memory of a buffer of so many bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are no whole number of elements, or too many.</exception>
    public Memory<byte> RentBytes(NumberKind kind, int bytes)
    {
        int elementBytes = kind == NumberKind.Float32 ? sizeof(float) : sizeof(double);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes % elementBytes, 0, nameof(bytes));
        return Rent(kind, bytes / elementBytes).Memory;
    }

    /// <summary>Takes back the buffer whose memory begins with these bytes; nothing happens if there is none.</summary>
    /// <exception cref="InvalidOperationException">It was returned already.</exception>
    public void ReturnBytes(NumberKind kind, ReadOnlyMemory<byte> bytes)
    {
        if (NumericBuffer.TryFind(kind, bytes, out NumericBuffer? buffer)) Return(buffer);
    }

    /// <summary>Lets every unused buffer go, as when a job has ended.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _kept.Clear();
            _idle.Clear();
        }
    }
}
