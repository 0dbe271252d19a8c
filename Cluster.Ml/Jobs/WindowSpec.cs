using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Jobs;

/// <summary>A window that slides over images.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Stride">Pixels from one place to the next.</param>
/// <param name="Same">Whether the image is padded with zeros so that with stride 1 it keeps its size.</param>
public sealed record WindowSpec(int Height, int Width, int Stride, bool Same)
{
    private const string AtSame = "same", AtValid = "valid";

    /// <summary>The window whose stride, if it has none, is its height: windows beside each other.</summary>
    internal WindowSpec WithStride() => Stride > 0 ? this : this with { Stride = Height };

    /// <summary>The window over images of this shape.</summary>
    /// <exception cref="ArgumentException">They are none, or smaller than the window.</exception>
    internal WindowShape Over(TensorShape input, string layer) => input.Rank == 3
        ? new WindowShape(input[0], input[1], input[2], Height, Width, Stride, Same)
        : throw new ArgumentException($"{layer}: wanted images of height × width × channels, got {input}; put {{ reshape: [ height, width, channels ] }} before it.", nameof(input));

    /// <summary>The keys of a window.</summary>
    /// <param name="keys">The layer's.</param>
    /// <param name="size">The key of its size.</param>
    /// <param name="get">Reads the window.</param>
    /// <param name="set">The layer with another window.</param>
    /// <param name="stride">What a job has that leaves the stride out, which stands as 0 in the layer's defaults.</param>
    /// <param name="required">Whether its size must be written.</param>
    internal static KeySet<T> Declare<T>(KeySet<T> keys, string size, Func<T, WindowSpec> get, Func<T, WindowSpec, T> set, string stride, bool required)
        where T : class
    {
        keys.Sizes(
            size, "Rows and columns of the window.", o => [get(o).Height, get(o).Width],
            (o, value) => set(o, get(o) with { Height = value[0], Width = value[1] }), 2, JobDefaults.FilterMax, "[ 3, 5 ]: rows, columns", oneForAll: true);
        return (required ? keys.Required("2") : keys).Whole(
            "stride", "Pixels from one place of the window to the next.", o => get(o).Stride == 0 ? get(o).Height : get(o).Stride,
            (o, value) => set(o, get(o) with { Stride = value }), 1, JobDefaults.FilterMax, unit: "pixels")
        .Otherwise(stride)
        .Word(
            "padding", "Whether images are padded with zeros so that with stride 1 they keep their size.", o => get(o).Same ? AtSame : AtValid,
            (o, value) => set(o, get(o) with { Same = value == AtSame }), [AtValid, AtSame]);
    }
}
