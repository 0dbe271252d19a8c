namespace Cluster.Ml.Linear;

/// <summary>The upper-triangular factor R of rows seen so far, and how more rows or another such factor change it.</summary>
/// <remarks>
/// Equation  [R; A] = Q·R′ with orthogonal Q, so RᵀR grows by AᵀA without ever being formed: the error grows with the
///           condition number of the rows, not with its square
/// Shapes    R [w(w+1)/2]: row i holds columns i … w−1
/// Range     rows enter in their order, in blocks of <see cref="BlockRows"/>; the sum over each column runs in row order
/// Cost      2w² operations a row
/// Source    Demmel, Grigori, Hoemmen, Langou, "Communication-optimal Parallel and Sequential QR and LU Factorizations",
///           SIAM J. Sci. Comput. 34 (2012), § 3 (TSQR); Householder reflections: Golub and Van Loan, Matrix Computations, § 5.1
/// </remarks>
internal static class TriangularFactor
{
    public const int BlockRows = 64;

    public static int Length(int width) => width * (width + 1) / 2;

    /// <summary>Where row i's diagonal element is.</summary>
    public static int Diagonal(int row, int width) => (row * width) - (row * (row - 1) / 2);

    /// <summary>Takes rows into the factor.</summary>
    /// <param name="factor">[w(w+1)/2], changed.</param>
    /// <param name="block">[rows, width] row-major, destroyed.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="width">w.</param>
    /// <param name="scratch">[width].</param>
    /// <param name="triangular">Whether row i of the block is zero left of column i.</param>
    public static void Absorb(Span<double> factor, Span<double> block, int rows, int width, Span<double> scratch, bool triangular = false)
    {
        for (int j = 0; j < width; j++)
        {
            int height = triangular ? Math.Min(rows, j + 1) : rows;
            double squares = 0;
            for (int i = 0; i < height; i++) squares = Math.FusedMultiplyAdd(block[(i * width) + j], block[(i * width) + j], squares);
            if (squares == 0) continue;
            Span<double> top = factor.Slice(Diagonal(j, width), width - j);
            Reflect(top, block, height, width, j, squares, scratch[..(width - j)]);
        }
    }

    /// <summary>Merges another factor into this one.</summary>
    /// <param name="factor">[w(w+1)/2], changed.</param>
    /// <param name="other">[w(w+1)/2], read only.</param>
    /// <param name="width">w.</param>
    /// <param name="block">[width · width].</param>
    /// <param name="scratch">[width].</param>
    public static void Merge(Span<double> factor, ReadOnlySpan<double> other, int width, Span<double> block, Span<double> scratch)
    {
        for (int i = 0; i < width; i++)
        {
            block.Slice(i * width, i).Clear();
            other.Slice(Diagonal(i, width), width - i).CopyTo(block.Slice((i * width) + i, width - i));
        }
        Absorb(factor, block, width, width, scratch, triangular: true);
    }

    // H = I − βvvᵀ with v = (top₀ − α, column j of the block) maps (top₀, column) to (α, 0); α has the sign that avoids cancellation.
    private static void Reflect(Span<double> top, Span<double> block, int height, int width, int j, double squares, Span<double> sums)
    {
        double norm = Math.Sqrt(Math.FusedMultiplyAdd(top[0], top[0], squares));
        double alpha = top[0] >= 0 ? -norm : norm;
        double head = top[0] - alpha;
        double beta = 2 / Math.FusedMultiplyAdd(head, head, squares);
        top[0] = alpha;
        Span<double> rest = top[1..], scaled = sums[1..];
        if (rest.IsEmpty) return;
        for (int c = 0; c < rest.Length; c++) scaled[c] = head * rest[c];
        for (int i = 0; i < height; i++)
            DoubleVectors.AddScaled(block[(i * width) + j], block.Slice((i * width) + j + 1, rest.Length), scaled);
        for (int c = 0; c < scaled.Length; c++) scaled[c] *= beta;
        DoubleVectors.AddScaled(-head, scaled, rest);
        for (int i = 0; i < height; i++)
            DoubleVectors.AddScaled(-block[(i * width) + j], scaled, block.Slice((i * width) + j + 1, rest.Length));
    }
}
