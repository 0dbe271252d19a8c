namespace Cluster.Ml.Numerics;

/// <summary>How long each row's gradient is, by weights that all positions of the row share, without forming it.</summary>
/// <remarks>
/// Equation  ‖Σ_s x_s δ_sᵀ‖² = Σ_s Σ_t (x_s·x_t)(δ_s·δ_t) over the row's positions s, t; of several inputs x, y the dot products add, and a bias is an input of 1
/// Cost      T²·(I + O) for T positions, inputs of I numbers and O outputs
/// Source    Rochette, Manoel, Tramel, "Efficient Per-Example Gradient Computations in Convolutional Neural Networks" (2019)
/// </remarks>
internal static class PositionNorms
{
    /// <summary>Adds to the squared norm of each row that of its gradient by [x, y, 1]ᵀδ.</summary>
    /// <param name="positions">T.</param>
    /// <param name="x">[N, T, …].</param>
    /// <param name="y">[N, T, …].</param>
    /// <param name="delta">[N, T, O].</param>
    /// <param name="squaredNorms">[N], added to.</param>
    public static void AddSquaredNorms(int positions, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> delta, Span<float> squaredNorms)
    {
        int all = squaredNorms.Length * positions;
        if (all == 0) return;
        (int ofX, int ofY, int ofDelta) = (x.Length / all, y.Length / all, delta.Length / all);
        for (int row = 0; row < squaredNorms.Length; row++)
        {
            float sum = 0;
            for (int first = row * positions, s = first; s < first + positions; s++)
                for (int t = first; t <= s; t++)
                {
                    float inputs = 1 + Reductions.Dot(x.Slice(s * ofX, ofX), x.Slice(t * ofX, ofX)) + Reductions.Dot(y.Slice(s * ofY, ofY), y.Slice(t * ofY, ofY));
                    float product = inputs * Reductions.Dot(delta.Slice(s * ofDelta, ofDelta), delta.Slice(t * ofDelta, ofDelta));
                    sum += s == t ? product : 2 * product;
                }
            squaredNorms[row] += sum;
        }
    }
}
