using System.Runtime.InteropServices;

namespace Cluster.Ml.Numerics;

/// <summary>How long each image's filter gradient is, by whichever way costs less.</summary>
/// <remarks>
/// Equation  ‖Σ_s p_s δ_sᵀ‖² = Σ_s Σ_t (p_s·p_t)(δ_s·δ_t) over places s, t with patches p and output gradients δ
/// Cost      forming the gradient: T·K·O; the sum over pairs: T²·(K + O), for T places, patches of K numbers and O filters
/// Source    Bu, Mao, Xu, "Scalable and Efficient Training of Large Convolutional Neural Networks with Differential Privacy" (2022), § 4
/// </remarks>
internal static class ConvolutionNorms
{
    /// <summary>Patches and pairs of some images, not of all, so that the second cache holds them.</summary>
    private const int ScratchNumbers = 1 << 17;

    /// <summary>Adds the squared norm of each image's gradient by the filters and by the bias.</summary>
    /// <param name="shape">The window.</param>
    /// <param name="filters">O.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="dy">[N, H′, W′, O].</param>
    /// <param name="squaredNorms">[N], added to.</param>
    /// <param name="workspace">Buffers of this thread.</param>
    public static void AddSquaredNorms(
        WindowShape shape, int filters, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> squaredNorms, GemmWorkspace workspace)
    {
        if (FormsGradient(shape, filters)) AddOfGradients(shape, filters, x, dy, squaredNorms, workspace);
        else AddOfPairs(shape, filters, x, dy, squaredNorms, workspace);
        AddOfBiases(shape, filters, dy, squaredNorms, workspace);
    }

    /// <summary>Whether forming the gradient costs less than summing over pairs of places.</summary>
    internal static bool FormsGradient(WindowShape shape, int filters) =>
        (long)shape.PatchLength * filters <= (long)shape.Positions * (shape.PatchLength + filters);

    internal static void AddOfGradients(
        WindowShape shape, int filters, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> squaredNorms, GemmWorkspace workspace)
    {
        Span<float> gradient = workspace.Scratch(shape.PatchLength * filters);
        int image = shape.ImageLength, output = shape.Positions * filters;
        for (int i = 0; i < squaredNorms.Length; i++)
        {
            ImageConvolution.BackwardFilters(shape, filters, x.Slice(i * image, image), dy.Slice(i * output, output), [1], gradient, workspace);
            squaredNorms[i] += Reductions.SquaredNorm(gradient);
        }
    }

    internal static void AddOfPairs(
        WindowShape shape, int filters, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> squaredNorms, GemmWorkspace workspace)
    {
        int places = shape.Positions, patches = places * shape.PatchLength, pairs = places * places;
        int atOnce = Math.Clamp(ScratchNumbers / (patches + (2 * pairs)), 1, Math.Max(squaredNorms.Length, 1));
        Span<float> scratch = workspace.Scratch(atOnce * (patches + (2 * pairs)));
        Span<float> ofPatches = scratch.Slice(atOnce * patches, atOnce * pairs), ofGradients = scratch[^(atOnce * pairs)..];
        for (int first = 0; first < squaredNorms.Length; first += atOnce)
        {
            int count = Math.Min(atOnce, squaredNorms.Length - first);
            for (int i = 0; i < count; i++)
                CopyPatches(shape, x.Slice((first + i) * shape.ImageLength, shape.ImageLength), scratch.Slice(i * patches, patches));
            MatrixBatch<float> p = new(scratch, count, places, shape.PatchLength), d = new(dy[(first * places * filters)..], count, places, filters);
            MatrixProduct.MultiplyBatch(p, p.Transposed, ofPatches, workspace);
            MatrixProduct.MultiplyBatch(d, d.Transposed, ofGradients, workspace);
            for (int i = 0; i < count; i++)
                squaredNorms[first + i] += Reductions.Dot(ofPatches.Slice(i * pairs, pairs), ofGradients.Slice(i * pairs, pairs));
        }
    }

    private static void AddOfBiases(WindowShape shape, int filters, ReadOnlySpan<float> dy, Span<float> squaredNorms, GemmWorkspace workspace)
    {
        Span<float> sums = workspace.Scratch(filters);
        int places = shape.Positions, output = places * filters;
        for (int i = 0; i < squaredNorms.Length; i++)
        {
            SegmentedSum.SumRows(dy.Slice(i * output, output), filters, MemoryMarshal.CreateReadOnlySpan(ref places, 1), sums);
            squaredNorms[i] += Reductions.SquaredNorm(sums);
        }
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
