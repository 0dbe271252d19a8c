using Cluster.Ml.Numerics;

namespace Cluster.Ml.Data;

/// <summary>Takes rows as they are read from a source, one after another: features all as bytes or all as doubles.</summary>
internal abstract class RowSink
{
    /// <summary>The features of the next rows, row-major.</summary>
    public abstract void AddFeatures(ReadOnlySpan<double> values);

    /// <summary>The features of the next rows, row-major.</summary>
    public abstract void AddFeatures(ReadOnlySpan<byte> values);

    /// <summary>The target of the next row: a number, or the number of a class.</summary>
    public abstract void AddTarget(double target);

    /// <summary>How many bytes of features are to come: a promise that a reader makes where it knows.</summary>
    public virtual void Expect(long featureBytes)
    {
    }

    /// <summary>All rows are here, and with them the order of the classes: what was added as class c is class final[c].</summary>
    public abstract void Renumber(int[] final);
}

/// <summary>Rows take more room than they may: memory that their source was said to need, or a folder.</summary>
internal sealed class SinkFullException : Exception;

/// <summary>Keeps rows in memory.</summary>
/// <param name="file">What errors name.</param>
/// <param name="bytesMax">The most bytes that features may have.</param>
internal sealed class MemorySink(string file, long bytesMax = long.MaxValue) : RowSink
{
    private readonly NumberList<double> _values = new(file), _targets = new(file);
    private readonly NumberList<byte> _bytes = new(file);

    public override void AddFeatures(ReadOnlySpan<double> values)
    {
        RequireRoom(((long)_values.Count + values.Length) * sizeof(double));
        _values.Add(values);
    }

    public override void AddFeatures(ReadOnlySpan<byte> values)
    {
        RequireRoom((long)_bytes.Count + values.Length);
        _bytes.Add(values);
    }

    public override void AddTarget(double target) => _targets.Add([target]);

    public override void Expect(long featureBytes)
    {
        RequireRoom(featureBytes);
        _bytes.Reserve(featureBytes);
    }

    public override void Renumber(int[] final)
    {
        foreach (ref double target in _targets.Items) target = final[(int)target];
    }

    private void RequireRoom(long bytes)
    {
        if (bytes > bytesMax) throw new SinkFullException();
    }

    /// <summary>The rows, as this source describes them.</summary>
    public RawRows ToRows(RowFacts facts)
    {
        int columns = facts.FeatureNames.Count;
        return new RawRows(file, facts, _bytes.Count > 0
            ? new MemoryRows(_bytes.ToArray(), columns, _targets.ToArray())
            : new MemoryRows(_values.ToArray(), columns, _targets.ToArray()));
    }
}

/// <summary>A list of numbers that grows to what memory may hold of them.</summary>
internal sealed class NumberList<T>(string file)
    where T : unmanaged
{
    private const int Start = 1024;

    /// <summary>Bytes may be as many as an array holds; other numbers as many as one vector.</summary>
    private static readonly int s_countMax = typeof(T) == typeof(byte) ? DataFile.BytesMax : NumericBuffer.LengthMax;

    private T[] _items = [];

    public int Count { get; private set; }

    public Span<T> Items => _items.AsSpan(0, Count);

    /// <summary>Makes room for so many more.</summary>
    public void Reserve(long more)
    {
        if (more > s_countMax - Count) throw TooMany(Count + more);
        if (Count + more > _items.Length) Array.Resize(ref _items, (int)(Count + more));
    }

    public void Add(ReadOnlySpan<T> values)
    {
        if (Count > s_countMax - values.Length) throw TooMany((long)Count + values.Length);
        if (Count + values.Length > _items.Length)
            Array.Resize(ref _items, (int)Math.Min(s_countMax, Math.Max(Math.Max(Start, Count + values.Length), 2L * _items.Length)));
        values.CopyTo(_items.AsSpan(Count));
        Count += values.Length;
    }

    /// <summary>The numbers; the list's own array where it is full.</summary>
    public T[] ToArray() => Count == _items.Length ? _items : Items.ToArray();

    private BadInputException TooMany(long count) => new(
        file, null, null, $"at most {s_countMax} numbers in memory", $"{count} or more", "lower data-memory, so that the rows are read from a row cache, or leave out rows or columns");
}
