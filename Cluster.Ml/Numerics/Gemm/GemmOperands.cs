namespace Cluster.Ml.Numerics.Gemm;

/// <summary>The two factors of a product and its target, as pointers and strides.</summary>
internal unsafe struct GemmOperands<T>
    where T : unmanaged
{
    /// <summary>Element (0, 0) of the left factor.</summary>
    public T* A;

    /// <summary>Element (0, 0) of the right factor.</summary>
    public T* B;

    /// <summary>The product, by rows without gaps.</summary>
    public T* C;

    /// <summary>Strides of the left factor from row to row and from column to column.</summary>
    public nint ARow, AColumn;

    /// <summary>Strides of the right factor from row to row and from column to column.</summary>
    public nint BRow, BColumn;

    /// <summary>Rows of the product, columns of the product, and numbers that each element sums.</summary>
    public int Rows, Columns, Depth;
}
