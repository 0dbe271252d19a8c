namespace Cluster.Ml.Numerics;

/// <summary>Matrices of one shape that lie one behind the other in somebody else's memory.</summary>
/// <remarks>
/// Equation  element (i, j) of matrix b = numbers[(b·Rows + i)·Columns + j]; seen transposed, of i and j exchanged
/// Shapes    [Count, Rows, Columns]
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public readonly ref struct MatrixBatch<T>
    where T : unmanaged
{
    private readonly ReadOnlySpan<T> _numbers;
    private readonly int _rows;
    private readonly int _columns;
    private readonly bool _transposed;

    private MatrixBatch(ReadOnlySpan<T> numbers, int count, int rows, int columns, bool transposed)
    {
        _numbers = numbers;
        Count = count;
        _rows = rows;
        _columns = columns;
        _transposed = transposed;
    }

    /// <summary>Matrices stored by rows, without gaps in them or between them.</summary>
    /// <param name="numbers">[count × rows × columns], or longer.</param>
    /// <param name="count">How many matrices; may be 0.</param>
    /// <param name="rows">How many rows each has; may be 0.</param>
    /// <param name="columns">How many columns each has; may be 0.</param>
    /// <exception cref="ArgumentException">There are too few numbers.</exception>
    public MatrixBatch(ReadOnlySpan<T> numbers, int count, int rows, int columns)
        : this(numbers, count, rows, columns, transposed: false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (numbers.Length < (long)count * rows * columns)
            throw new ArgumentException(
                $"MatrixBatch: wanted {count} × {rows} × {columns} = {(long)count * rows * columns} numbers, got {numbers.Length}.", nameof(numbers));
    }

    /// <summary>How many matrices.</summary>
    public int Count { get; }

    /// <summary>Rows of each.</summary>
    public int Rows => _transposed ? _columns : _rows;

    /// <summary>Columns of each.</summary>
    public int Columns => _transposed ? _rows : _columns;

    /// <summary>The same matrices, each with rows and columns exchanged; nothing is copied.</summary>
    public MatrixBatch<T> Transposed => new(_numbers, Count, _rows, _columns, !_transposed);

    /// <summary>One of them.</summary>
    /// <param name="index">Which, 0 … Count − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such matrix.</exception>
    public MatrixView<T> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            MatrixView<T> matrix = new(_numbers[(index * _rows * _columns)..], _rows, _columns);
            return _transposed ? matrix.Transposed : matrix;
        }
    }
}
