namespace Cluster.Ml.Data;

/// <summary>The numbers of rows as a source holds them, before they are scaled: in memory, or mapped from a row cache.</summary>
/// <remarks>Shapes  features [Rows, Columns] row-major, as bytes or as doubles; targets [Rows] or none</remarks>
internal abstract class RowStore
{
    public abstract int Rows { get; }

    public abstract int Columns { get; }

    /// <summary>Whether features are bytes; otherwise they are doubles.</summary>
    public abstract bool AreBytes { get; }

    public abstract bool HasTargets { get; }

    /// <summary>Whether all numbers are in memory.</summary>
    public virtual bool IsInMemory => false;

    /// <summary>Whether rows are read from a file when one is looked at: quick in ascending order alone.</summary>
    public virtual bool IsStreamed => false;

    /// <summary>One row's bytes, [Columns]. The store must be kept alive while they are looked at.</summary>
    public abstract ReadOnlySpan<byte> BytesOf(int row);

    /// <summary>One row's doubles, [Columns]. The store must be kept alive while they are looked at.</summary>
    public abstract ReadOnlySpan<double> ValuesOf(int row);

    /// <summary>One row's target: the index of its class, or a number.</summary>
    public abstract double TargetOf(int row);
}

/// <summary>Rows in memory.</summary>
internal sealed class MemoryRows : RowStore
{
    private readonly double[]? _values;
    private readonly byte[]? _bytes;

    public MemoryRows(double[] values, int columns, double[] targets)
        : this(values.Length / columns, columns, targets) => _values = values;

    public MemoryRows(byte[] bytes, int columns, double[] targets)
        : this(bytes.Length / columns, columns, targets) => _bytes = bytes;

    private MemoryRows(int rows, int columns, double[] targets) => (Rows, Columns, Targets) = (rows, columns, targets);

    public override int Rows { get; }

    public override int Columns { get; }

    public override bool AreBytes => _bytes is not null;

    public override bool HasTargets => Targets.Length > 0;

    public override bool IsInMemory => true;

    public double[] Targets { get; }

    public override ReadOnlySpan<byte> BytesOf(int row) => _bytes.AsSpan(row * Columns, Columns);

    public override ReadOnlySpan<double> ValuesOf(int row) => _values.AsSpan(row * Columns, Columns);

    public override double TargetOf(int row) => Targets[row];
}
