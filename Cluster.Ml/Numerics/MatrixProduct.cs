using System.Numerics;
using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Gemm;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics;

/// <summary>Matrix products of floats and doubles.</summary>
/// <remarks>
/// Equation  C = A·B: s ← 0; s ← a(i, k)·b(k, j) + s, rounded once, for k = 0, 1, …; c(i, j) = s
/// Shapes    A [m, k], B [k, n], C [m, n] by rows; A and B may be transposed views
/// Range     every element is that one chain, whatever the processor, the vector width and the other rows: the same bits everywhere
/// Cost      2·m·n·k operations, no allocation once the workspace has grown
/// Source    Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34 (2008), § 4, for the blocks;
///           Dongarra, Du Croz, Hammarling, Duff, "A Set of Level 3 Basic Linear Algebra Subprograms", ACM TOMS 16 (1990), for the operation
/// Differs   from BLAS in that its result is defined to the last bit
/// </remarks>
public static class MatrixProduct
{
    /// <summary>C = A·B.</summary>
    /// <param name="a">[m, k].</param>
    /// <param name="b">[k, n].</param>
    /// <param name="c">[m × n], overwritten; must not overlap a or b.</param>
    /// <param name="workspace">Packing buffers of this thread.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Multiply<T>(MatrixView<T> a, MatrixView<T> b, Span<T> c, GemmWorkspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Multiply(a, b, c, continues: false, workspace, LaneWidths.Widest);

    /// <summary>C = C + A·B; each chain of sums starts from what C holds.</summary>
    /// <param name="a">[m, k].</param>
    /// <param name="b">[k, n].</param>
    /// <param name="c">[m × n], added to; must not overlap a or b.</param>
    /// <param name="workspace">Packing buffers of this thread.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MultiplyAdd<T>(MatrixView<T> a, MatrixView<T> b, Span<T> c, GemmWorkspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Multiply(a, b, c, continues: true, workspace, LaneWidths.Widest);

    /// <summary>Cᵢ = Aᵢ·Bᵢ for every pair of a batch.</summary>
    /// <remarks>Range  bit for bit what separate products give</remarks>
    /// <param name="a">[count, m, k].</param>
    /// <param name="b">[count, k, n].</param>
    /// <param name="c">[count × m × n], overwritten; must not overlap a or b.</param>
    /// <param name="workspace">Packing buffers of this thread.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MultiplyBatch<T>(MatrixBatch<T> a, MatrixBatch<T> b, Span<T> c, GemmWorkspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int numbers = checked(a.Rows * b.Columns);
        if (a.Count != b.Count || a.Columns != b.Rows || c.Length < (long)a.Count * numbers)
            throw new ArgumentException(
                $"MatrixProduct: wanted A [count, m, k], B [count, k, n], C [count × m × n], got [{a.Count}, {a.Rows}, {a.Columns}], "
                + $"[{b.Count}, {b.Rows}, {b.Columns}], [{c.Length}].", nameof(c));
        for (int i = 0; i < a.Count; i++) Multiply(a[i], b[i], c.Slice(i * numbers, numbers), workspace);
    }

    /// <summary>C = the sum of A·B over segments of k, added up as a fixed binary tree.</summary>
    /// <remarks>
    /// Equation  Pₛ = the product over the k of segment s;  S(first, 2c) = S(first, c) + S(first + c, c);  C = S(0, segments)
    /// Range     bit for bit what separate products and additions of whole matrices give; an empty segment gives zeros
    /// Cost      C is written once: the segments of a tile are merged while they are in registers and the nearest cache
    /// </remarks>
    /// <param name="a">[m, k].</param>
    /// <param name="b">[k, n].</param>
    /// <param name="ends">[segments], a power of two, ascending: the k before which each segment ends; the last is k's length.</param>
    /// <param name="c">[m × n], overwritten; must not overlap a or b.</param>
    /// <param name="workspace">Packing buffers of this thread.</param>
    /// <exception cref="ArgumentException">The shapes or segments do not fit.</exception>
    public static void MultiplyTree<T>(MatrixView<T> a, MatrixView<T> b, ReadOnlySpan<int> ends, Span<T> c, GemmWorkspace workspace)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => MultiplyTree(a, b, ends, c, workspace, LaneWidths.Widest);

    internal static unsafe void Multiply<T>(MatrixView<T> a, MatrixView<T> b, Span<T> c, bool continues, GemmWorkspace workspace, LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireShapes(a, b, c);
        fixed (T* pa = a.Numbers, pb = b.Numbers, pc = c)
        {
            GemmOperands<T> factors = Describe(a, b, pa, pb, pc);
            if (factors.Rows == 0 || factors.Columns == 0) return;
            switch (width)
            {
                case LaneWidth.Bits512: BlockedProduct<Lanes512<T>, Vector512<T>, T>.Multiply(factors, continues, workspace); break;
                case LaneWidth.Bits256: BlockedProduct<Lanes256<T>, Vector256<T>, T>.Multiply(factors, continues, workspace); break;
                case LaneWidth.Bits128: BlockedProduct<Lanes128<T>, Vector128<T>, T>.Multiply(factors, continues, workspace); break;
                default: BlockedProduct<Lanes1<T>, T, T>.Multiply(factors, continues, workspace); break;
            }
        }
    }

    internal static unsafe void MultiplyTree<T>(
        MatrixView<T> a, MatrixView<T> b, ReadOnlySpan<int> ends, Span<T> c, GemmWorkspace workspace, LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireShapes(a, b, c);
        SegmentedSum.RequireSegments(ends, a.Columns);
        fixed (T* pa = a.Numbers, pb = b.Numbers, pc = c)
        {
            GemmOperands<T> factors = Describe(a, b, pa, pb, pc);
            if (factors.Rows == 0 || factors.Columns == 0) return;
            switch (width)
            {
                case LaneWidth.Bits512: BlockedProduct<Lanes512<T>, Vector512<T>, T>.MultiplyTree(factors, ends, workspace); break;
                case LaneWidth.Bits256: BlockedProduct<Lanes256<T>, Vector256<T>, T>.MultiplyTree(factors, ends, workspace); break;
                case LaneWidth.Bits128: BlockedProduct<Lanes128<T>, Vector128<T>, T>.MultiplyTree(factors, ends, workspace); break;
                default: BlockedProduct<Lanes1<T>, T, T>.MultiplyTree(factors, ends, workspace); break;
            }
        }
    }

    private static unsafe GemmOperands<T> Describe<T>(MatrixView<T> a, MatrixView<T> b, T* pa, T* pb, T* pc)
        where T : unmanaged => new()
        {
            A = pa,
            B = pb,
            C = pc,
            ARow = a.RowStride,
            AColumn = a.ColumnStride,
            BRow = b.RowStride,
            BColumn = b.ColumnStride,
            Rows = a.Rows,
            Columns = b.Columns,
            Depth = a.Columns,
        };

    private static void RequireShapes<T>(MatrixView<T> a, MatrixView<T> b, Span<T> c)
        where T : unmanaged
    {
        if (a.Columns != b.Rows || c.Length < (long)a.Rows * b.Columns)
            throw new ArgumentException(
                $"MatrixProduct: wanted A [m, k], B [k, n], C [m × n], got [{a.Rows}, {a.Columns}], [{b.Rows}, {b.Columns}], [{c.Length}].", nameof(c));
    }
}
