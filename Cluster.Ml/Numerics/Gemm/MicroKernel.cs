namespace Cluster.Ml.Numerics.Gemm;

/// <summary>What a register tile computes: a few rows and one or two vectors of columns of a product.</summary>
/// <remarks>
/// Equation  s₀ = Continues ? C : 0;  s ← a(i, k)·b(k, j) + s, rounded once, for all k in order;
///           then s ← Partialₗ + s for l = 0 … Merges − 1;  C = s
/// Shapes    k counts through three nested loops, Outer × Middle × Inner: runs of numbers, such as the rows of an image's
///           patch, that lie apart in the left factor by the same distance for every row of the tile
/// </remarks>
internal unsafe struct MicroKernel<T>
    where T : unmanaged
{
    /// <summary>The most rows that a tile has.</summary>
    public const int RowsMax = 12;

    /// <summary>[rows]: the beginning of each row of the left factor.</summary>
    public T** A;

    /// <summary>Numbers from a(i, k) to a(i, k + 1) within a run.</summary>
    public nint AStep;

    /// <summary>Numbers from behind the last of a run to the next run, and the same after Middle runs on top of it.</summary>
    public nint MiddleGap, OuterGap;

    /// <summary>Products of a run, runs of a group, groups.</summary>
    public int Inner, Middle, Outer;

    /// <summary>Element (0, 0) of the right factor, whose rows are stored without gaps.</summary>
    public T* B;

    /// <summary>Numbers from b(k, j) to b(k + 1, j).</summary>
    public nint BStep;

    /// <summary>[rows]: the target of each row of the tile.</summary>
    public T** C;

    /// <summary>Whether the chain of sums goes on from what C holds.</summary>
    public bool Continues;

    /// <summary>Tiles to be added from the left, one after another.</summary>
    public T* Partials;

    /// <summary>Numbers from one of them to the next.</summary>
    public nint PartialStep;

    /// <summary>Numbers from one row of a partial tile to the next.</summary>
    public nint PartialRow;

    /// <summary>How many are added.</summary>
    public int Merges;

    /// <summary>A tile of one run whose rows are still to be pointed at.</summary>
    /// <param name="pointers">Room for 2 · <see cref="RowsMax"/>.</param>
    /// <param name="depth">How many products each element sums.</param>
    public static MicroKernel<T> Of(T** pointers, int depth) => new() { A = pointers, C = pointers + RowsMax, Inner = depth, Middle = 1, Outer = 1 };

    /// <summary>Points at rows that lie equally far apart.</summary>
    public readonly void PointRows(T* a, nint aRow, T* c, nint cRow, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            A[row] = a + (row * aRow);
            C[row] = c + (row * cRow);
        }
    }
}
