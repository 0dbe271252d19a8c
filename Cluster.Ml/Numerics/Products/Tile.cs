namespace Cluster.Ml.Numerics.Products;

/// <summary>What a register tile computes: a few rows and one or two vectors of columns of a product.</summary>
/// <remarks>
/// Equation  s₀ = Continues ? C : 0;  s ← a(i, k)·b(k, j) + s, rounded once, for k = 0 … Depth − 1 in order;
///           then s ← Partialₗ + s for l = 0 … Merges − 1;  C = s
/// </remarks>
internal unsafe struct Tile<T>
    where T : unmanaged
{
    /// <summary>Element (0, 0) of the left factor.</summary>
    public T* A;

    /// <summary>Numbers from a(i, k) to a(i + 1, k).</summary>
    public nint ARow;

    /// <summary>Numbers from a(i, k) to a(i, k + 1).</summary>
    public nint AStep;

    /// <summary>Element (0, 0) of the right factor, whose rows are stored without gaps.</summary>
    public T* B;

    /// <summary>Numbers from b(k, j) to b(k + 1, j).</summary>
    public nint BStep;

    /// <summary>How many products each element sums.</summary>
    public int Depth;

    /// <summary>Where the tile is written, by rows.</summary>
    public T* C;

    /// <summary>Numbers from one row of C to the next.</summary>
    public nint CRow;

    /// <summary>Whether the chain of sums goes on from what C holds.</summary>
    public bool Continues;

    /// <summary>Tiles to be added from the left, one after another.</summary>
    public T* Partials;

    /// <summary>Numbers from one of them to the next; their rows lie as far apart as those of a full tile.</summary>
    public nint PartialStep;

    /// <summary>Numbers from one row of a partial tile to the next.</summary>
    public nint PartialRow;

    /// <summary>How many are added.</summary>
    public int Merges;
}
