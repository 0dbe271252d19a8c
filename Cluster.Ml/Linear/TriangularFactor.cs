namespace Cluster.Ml.Linear;

/// <summary>The upper-triangular factor R of rows seen so far, and how more rows or another such factor change it.</summary>
/// <remarks>
/// Equation  [R; A] = Q·R′ with orthogonal Q, so RᵀR grows by AᵀA without ever being formed: the error grows with the
///           condition number of the rows, not with its square
/// Shapes    R [w(w+1)/2]: row i holds columns i … w−1
/// Range     rows enter in their order, in blocks of <see cref="BlockRows"/>; the sum over each column runs in row order. What rounding leaves of a
///           column that depends on those before it stays out, as does what is left of a block when each of its rows is in a row of R of its own
/// Cost      2w² operations a row; of n &lt; w rows in all, R has n rows that are not empty, and merging two factors costs O(n·w²)
/// Source    Demmel, Grigori, Hoemmen, Langou, "Communication-optimal Parallel and Sequential QR and LU Factorizations",
///           SIAM J. Sci. Comput. 34 (2012), § 3 (TSQR); Householder reflections: Golub and Van Loan, Matrix Computations, § 5.1
/// </remarks>
internal static class TriangularFactor
{
    public const int BlockRows = 64;

    /// <summary>A part of a column's length that is a rounding error of the reflections before it; grows with the root of their number.</summary>
    private const double Rounding = 8 * 2.220446049250313e-16;

    /// <summary>How long the scratch must be.</summary>
    public static int ScratchLength(int width) => 2 * width;

    public static int Length(int width) => width * (width + 1) / 2;

    /// <summary>Where row i's diagonal element is.</summary>
    public static int Diagonal(int row, int width) => (row * width) - (row * (row - 1) / 2);

    /// <summary>Takes rows into the factor.</summary>
    /// <param name="factor">[w(w+1)/2], changed.</param>
    /// <param name="block">[rows, width] row-major, destroyed.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="width">w.</param>
    /// <param name="scratch">[<see cref="ScratchLength"/>].</param>
    /// <param name="triangular">Whether row i of the block is zero left of column i.</param>
    public static void Absorb(Span<double> factor, Span<double> block, int rows, int width, Span<double> scratch, bool triangular = false)
    {
        int rank = rows;
        Span<double> lengths = scratch.Slice(width, width);
        SquaredLengths(factor, block[..(rows * width)], width, lengths);
        for (int j = 0; j < width && rank > 0; j++)
        {
            int height = triangular ? Math.Min(rows, j + 1) : rows;
            double squares = 0;
            for (int i = 0; i < height; i++) squares = Math.FusedMultiplyAdd(block[(i * width) + j], block[(i * width) + j], squares);
            if (squares <= Rounding * Rounding * width * lengths[j] && double.IsFinite(lengths[j])) continue;
            Span<double> top = factor.Slice(Diagonal(j, width), width - j);
            if (top[0] == 0 && !top.ContainsAnyExcept(0.0)) rank--;
            Reflect(top, block, height, width, j, squares, scratch[..(width - j)]);
        }
    }

    /// <summary>Merges another factor into this one.</summary>
    /// <param name="factor">[w(w+1)/2], changed.</param>
    /// <param name="other">[w(w+1)/2], read only.</param>
    /// <param name="width">w.</param>
    /// <param name="block">[width · width].</param>
    /// <param name="scratch">[<see cref="ScratchLength"/>].</param>
    public static void Merge(Span<double> factor, ReadOnlySpan<double> other, int width, Span<double> block, Span<double> scratch)
    {
        int rows = RowsOf(other, width);
        for (int i = 0; i < rows; i++)
        {
            block.Slice(i * width, i).Clear();
            other.Slice(Diagonal(i, width), width - i).CopyTo(block.Slice((i * width) + i, width - i));
        }
        Absorb(factor, block, rows, width, scratch, triangular: true);
    }

    /// <summary>The coefficients of all columns but the last, which predict the last; 0 if a diagonal element is 0.</summary>
    public static double[] Solve(ReadOnlySpan<double> factor, int width)
    {
        var solution = new double[width - 1];
        for (int i = width - 2; i >= 0; i--)
        {
            ReadOnlySpan<double> row = factor.Slice(Diagonal(i, width), width - i);
            if (row[0] != 0) solution[i] = (row[^1] - DoubleVectors.Dot(row[1..^1], solution.AsSpan(i + 1))) / row[0];
        }
        return solution;
    }

    /// <summary>Σ of squares of each column, of the factor and the block.</summary>
    private static void SquaredLengths(ReadOnlySpan<double> factor, ReadOnlySpan<double> block, int width, Span<double> lengths)
    {
        lengths.Clear();
        for (int row = 0, at = 0; row < width; at += width - row++)
            for (int c = row; c < width; c++) lengths[c] += factor[at + c - row] * factor[at + c - row];
        for (int at = 0; at < block.Length; at += width)
            for (int c = 0; c < width; c++) lengths[c] += block[at + c] * block[at + c];
    }

    /// <summary>How many rows there are up to the last that is not empty.</summary>
    public static int RowsOf(ReadOnlySpan<double> factor, int width)
    {
        int last = factor.LastIndexOfAnyExcept(0.0), row = width;
        while (row > 0 && Diagonal(row - 1, width) > last) row--;
        return row;
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
