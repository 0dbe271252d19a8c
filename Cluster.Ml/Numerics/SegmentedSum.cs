using System.Numerics;
using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics;

/// <summary>Sums of the rows of a matrix, segment by segment, the segments added up as a fixed binary tree.</summary>
/// <remarks>
/// Equation  Pₛ = ((0 + xₐ) + xₐ₊₁) + … over the rows of segment s;  S(first, 2c) = S(first, c) + S(first + c, c)
/// Range     bit for bit what separate sums and additions of whole vectors give
/// </remarks>
public static class SegmentedSum
{
    private const int LevelsMax = 31;

    /// <summary>Sums the columns of x over its rows.</summary>
    /// <param name="x">[rows × columns].</param>
    /// <param name="columns">Numbers a row.</param>
    /// <param name="ends">[segments], a power of two, ascending: the row before which each segment ends; the last is the number of rows.</param>
    /// <param name="sums">[columns], overwritten.</param>
    /// <exception cref="ArgumentException">The shapes or segments do not fit.</exception>
    public static void SumRows(ReadOnlySpan<float> x, int columns, ReadOnlySpan<int> ends, Span<float> sums) =>
        SumRows(x, columns, ends, sums, LaneWidths.Widest);

    internal static unsafe void SumRows(ReadOnlySpan<float> x, int columns, ReadOnlySpan<int> ends, Span<float> sums, LaneWidth width)
    {
        int rows = ends.Length == 0 ? 0 : ends[^1];
        RequireSegments(ends, rows);
        if (x.Length < (long)rows * columns || sums.Length < columns)
            throw new ArgumentException($"SegmentedSum: wanted [{rows} × {columns}] and [{columns}], got [{x.Length}] and [{sums.Length}].", nameof(x));
        fixed (float* source = x, target = sums)
        {
            int done = width switch
            {
                LaneWidth.Bits512 => Sweep<Lanes512<float>, Vector512<float>>(source, columns, ends, target, 0),
                LaneWidth.Bits256 => Sweep<Lanes256<float>, Vector256<float>>(source, columns, ends, target, 0),
                LaneWidth.Bits128 => Sweep<Lanes128<float>, Vector128<float>>(source, columns, ends, target, 0),
                _ => 0,
            };
            Sweep<Lanes1<float>, float>(source, columns, ends, target, done);
        }
    }

    /// <summary>Fails unless the segments are a power of two, ascend, and end with the length.</summary>
    internal static void RequireSegments(ReadOnlySpan<int> ends, int length)
    {
        if (!int.IsPow2(ends.Length) || ends[^1] != length)
            throw new ArgumentException($"SegmentedSum: wanted a power of two of segments that end at {length}, got {ends.Length}.", nameof(ends));
        int previous = 0;
        foreach (int end in ends)
        {
            if (end < previous) throw new ArgumentException($"SegmentedSum: wanted ascending segments, got {end} after {previous}.", nameof(ends));
            previous = end;
        }
    }

    private static unsafe int Sweep<TLanes, TVector>(float* x, int columns, ReadOnlySpan<int> ends, float* sums, int start)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        float* levels = stackalloc float[LevelsMax * TLanes.Count];
        int column = start;
        for (; column <= columns - TLanes.Count; column += TLanes.Count)
        {
            int row = 0;
            for (int segment = 0; segment < ends.Length; segment++)
            {
                TVector sum = TLanes.Broadcast(0f);
                for (; row < ends[segment]; row++)
                    sum = TLanes.Add(sum, TLanes.Load(x + ((nint)row * columns) + column));
                int merges = BitOperations.TrailingZeroCount(~segment);
                for (int level = 0; level < merges; level++)
                    sum = TLanes.Add(TLanes.Load(levels + (level * TLanes.Count)), sum);
                TLanes.Store(segment == ends.Length - 1 ? sums + column : levels + (merges * TLanes.Count), sum);
            }
        }
        return column;
    }
}
