using System.Runtime.Intrinsics;

namespace Cluster.Ml.Numerics.Simd;

/// <summary>The vector width that kernels run at. Results are the same at every width; only the speed differs.</summary>
internal enum LaneWidth
{
    /// <summary>One number at a time.</summary>
    Scalar = 0,

    /// <summary>128 bits.</summary>
    Bits128 = 128,

    /// <summary>256 bits.</summary>
    Bits256 = 256,

    /// <summary>512 bits.</summary>
    Bits512 = 512,
}

/// <summary>Which widths this processor is good at.</summary>
internal static class LaneWidths
{
    /// <summary>The widest that the processor has instructions for.</summary>
    public static LaneWidth Widest =>
        Vector512.IsHardwareAccelerated ? LaneWidth.Bits512
        : Vector256.IsHardwareAccelerated ? LaneWidth.Bits256
        : LaneWidth.Bits128;
}
