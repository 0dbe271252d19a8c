namespace Cluster.Ml.Numerics;

/// <summary>A matrix in somebody else's memory, stored by rows or, seen transposed, by columns.</summary>
/// <remarks>
/// Equation  element (i, j) = numbers[i·RowStride + j·ColumnStride]
/// Shapes    [Rows, Columns]; one of the strides is 1
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public readonly ref struct MatrixView<T>
    where T : unmanaged
{
    private MatrixView(ReadOnlySpan<T> numbers, int rows, int columns, int rowStride, int columnStride)
    {
        Numbers = numbers;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    /// <summary>A matrix stored by rows without gaps.</summary>
    /// <param name="numbers">[rows × columns], or longer.</param>
    /// <param name="rows">How many rows; may be 0.</param>
    /// <param name="columns">How many columns; may be 0.</param>
    /// <exception cref="ArgumentException">There are too few numbers.</exception>
    public MatrixView(ReadOnlySpan<T> numbers, int rows, int columns)
        : this(numbers, rows, columns, columns, 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (numbers.Length < (long)rows * columns)
            throw new ArgumentException($"MatrixView: wanted {rows} × {columns} = {(long)rows * columns} numbers, got {numbers.Length}.", nameof(numbers));
    }

    /// <summary>A matrix stored by rows that lie apart, such as one moment of every sequence.</summary>
    /// <param name="numbers">From the first number of the first row to the last of the last, or longer.</param>
    /// <param name="rows">How many rows; may be 0.</param>
    /// <param name="columns">How many columns; may be 0.</param>
    /// <param name="rowStride">Numbers from one row to the next, at least the columns.</param>
    /// <exception cref="ArgumentException">There are too few numbers, or rows overlap.</exception>
    public MatrixView(ReadOnlySpan<T> numbers, int rows, int columns, int rowStride)
        : this(numbers, rows, columns, rowStride, 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        long wanted = rows == 0 ? 0 : ((long)(rows - 1) * rowStride) + columns;
        if (rowStride < columns || numbers.Length < wanted)
            throw new ArgumentException($"MatrixView: wanted {wanted} numbers for {rows} rows of {columns}, {rowStride} apart, got {numbers.Length}.", nameof(numbers));
    }

    /// <summary>The same numbers with rows and columns exchanged; nothing is copied.</summary>
    public MatrixView<T> Transposed => new(Numbers, Columns, Rows, ColumnStride, RowStride);

    /// <summary>The memory.</summary>
    public ReadOnlySpan<T> Numbers { get; }

    /// <summary>How many rows.</summary>
    public int Rows { get; }

    /// <summary>How many columns.</summary>
    public int Columns { get; }

    /// <summary>Numbers from one row to the next.</summary>
    public int RowStride { get; }

    /// <summary>Numbers from one column to the next.</summary>
    public int ColumnStride { get; }
}
