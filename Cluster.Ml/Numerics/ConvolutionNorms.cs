using System.Runtime.InteropServices;

namespace Cluster.Ml.Numerics;

/// <summary>How long one picture's filter gradient is, by whichever way costs less.</summary>
/// <remarks>
/// Equation  ‖Σ_s p_s δ_sᵀ‖² = Σ_s Σ_t (p_s·p_t)(δ_s·δ_t) over places s, t with patches p and output gradients δ
/// Cost      forming the gradient: T·K·O; the sum over pairs: T²·(K + O), for T places, patches of K numbers and O filters
/// Source    Bu, Mao, Xu, "Scalable and Efficient Training of Large Convolutional Neural Networks with Differential Privacy" (2022), § 4
/// </remarks>
internal static class ConvolutionNorms
{
    /// <summary>The squared norm of one picture's gradient by the filters and by the bias.</summary>
    /// <param name="shape">The window.</param>
    /// <param name="filters">O.</param>
    /// <param name="x">[H, W, C].</param>
    /// <param name="dy">[H′, W′, O].</param>
    /// <param name="workspace">Buffers of this thread.</param>
    public static float SquaredNorm(WindowShape shape, int filters, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, GemmWorkspace workspace) =>
        (FormsGradient(shape, filters) ? OfGradient(shape, filters, x, dy, workspace) : OfPairs(shape, filters, x, dy, workspace))
        + OfBias(shape, filters, dy, workspace);

    /// <summary>Whether forming the gradient costs less than summing over pairs of places.</summary>
    internal static bool FormsGradient(WindowShape shape, int filters) =>
        (long)shape.PatchLength * filters <= (long)shape.Positions * (shape.PatchLength + filters);

    internal static float OfGradient(WindowShape shape, int filters, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, GemmWorkspace workspace)
    {
        Span<float> gradient = workspace.Scratch(shape.PatchLength * filters);
        Convolution.BackwardFilters(shape, filters, x, dy, [1], gradient, workspace);
        return Reductions.SquaredNorm(gradient);
    }

    internal static float OfPairs(WindowShape shape, int filters, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, GemmWorkspace workspace)
    {
        int places = shape.Positions, depth = shape.PatchLength, pairs = places * places;
        Span<float> scratch = workspace.Scratch((places * depth) + (2 * pairs));
        Span<float> patches = scratch[..(places * depth)], ofPatches = scratch.Slice(places * depth, pairs), ofGradients = scratch[^pairs..];
        CopyPatches(shape, x, patches);
        MatrixView<float> p = new(patches, places, depth), d = new(dy, places, filters);
        Gemm.Multiply(p, p.Transposed, ofPatches, workspace);
        Gemm.Multiply(d, d.Transposed, ofGradients, workspace);
        return Reductions.Dot(ofPatches, ofGradients);
    }

    private static float OfBias(WindowShape shape, int filters, ReadOnlySpan<float> dy, GemmWorkspace workspace)
    {
        Span<float> sums = workspace.Scratch(filters);
        int places = shape.Positions;
        SumTrees.SumRows(dy, filters, MemoryMarshal.CreateReadOnlySpan(ref places, 1), sums);
        return Reductions.SquaredNorm(sums);
    }

    private static void CopyPatches(WindowShape shape, ReadOnlySpan<float> x, Span<float> patches)
    {
        patches.Clear();
        for (int i = 0; i < shape.OutputHeight; i++)
            for (int j = 0; j < shape.OutputWidth; j++)
                for (int u = 0; u < shape.WindowHeight; u++)
                {
                    int row = (i * shape.Stride) + u - shape.PadTop, left = (j * shape.Stride) - shape.PadLeft;
                    if (row < 0 || row >= shape.Height) continue;
                    int first = Math.Max(left, 0), count = Math.Min(left + shape.WindowWidth, shape.Width) - first;
                    int target = (((((i * shape.OutputWidth) + j) * shape.WindowHeight) + u) * shape.WindowWidth) + first - left;
                    x.Slice(((row * shape.Width) + first) * shape.Channels, count * shape.Channels).CopyTo(patches[(target * shape.Channels)..]);
                }
    }
}
