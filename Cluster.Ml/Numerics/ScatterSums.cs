using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics;

/// <summary>Sums of the rows of a matrix by the number that each row bears, segment by segment, the segments added up as a fixed tree.</summary>
/// <remarks>
/// Equation  y[n] = S(0, segments) with Pₛ[n] = ((0 + xₐ) + x_b) + … over the rows a, b, … of segment s that bear n;
///           S(first, 2c) = S(first, c) + S(first + c, c)
/// Range     bit for bit what dense sums of whole matrices give, with zeros for a segment without rows of a number
/// Cost      O(rows · (log rows + columns)) and one pass over y; no allocation
/// </remarks>
internal static unsafe class ScatterSums
{
    private const int LevelsMax = 31;

    /// <summary>Floats of work space for so many rows.</summary>
    public static int WorkFor(int rows) => (2 * rows) + 2;

    /// <summary>Sums the rows of x that bear the same number.</summary>
    /// <param name="x">[rows × columns].</param>
    /// <param name="numbers">[rows] whole numbers; a row with a negative one is left out.</param>
    /// <param name="columns">Numbers a row.</param>
    /// <param name="ends">[segments], a power of two, ascending: the row before which each segment ends; the last is the number of rows.</param>
    /// <param name="sums">[y's rows × columns], overwritten.</param>
    /// <param name="work">[<see cref="WorkFor"/>], overwritten.</param>
    public static void SumRows(
        ReadOnlySpan<float> x, ReadOnlySpan<float> numbers, int columns, ReadOnlySpan<int> ends, Span<float> sums, Span<float> work) =>
        SumRows(x, numbers, columns, ends, sums, work, LaneWidths.Widest);

    internal static void SumRows(
        ReadOnlySpan<float> x, ReadOnlySpan<float> numbers, int columns, ReadOnlySpan<int> ends, Span<float> sums, Span<float> work, LaneWidth width)
    {
        SegmentedSum.RequireSegments(ends, numbers.Length);
        sums.Clear();
        Span<ulong> order = Order(numbers, work);
        fixed (float* source = x, target = sums)
        fixed (ulong* places = order)
            for (int i = 0; i < order.Length;)
            {
                int end = i + 1, number = (int)(order[i] >> 32);
                while (end < order.Length && (int)(order[end] >> 32) == number) end++;
                Bearers bearers = new() { X = source, Sums = target + ((nint)number * columns), Places = places + i, Count = end - i, Columns = columns };
                SumOne(bearers, ends, width);
                i = end;
            }
    }

    /// <summary>The rows that count, by number and then by place.</summary>
    private static Span<ulong> Order(ReadOnlySpan<float> numbers, Span<float> work)
    {
        Span<ulong> order = MemoryMarshal.Cast<float, ulong>(work);
        int count = 0;
        for (int row = 0; row < numbers.Length; row++)
            if (numbers[row] >= 0) order[count++] = ((ulong)(uint)numbers[row] << 32) | (uint)row;
        order = order[..count];
        order.Sort();
        return order;
    }

    private static void SumOne(in Bearers bearers, ReadOnlySpan<int> ends, LaneWidth width)
    {
        int done = width switch
        {
            LaneWidth.Bits512 => Sweep<Lanes512<float>, Vector512<float>>(bearers, ends, 0),
            LaneWidth.Bits256 => Sweep<Lanes256<float>, Vector256<float>>(bearers, ends, 0),
            LaneWidth.Bits128 => Sweep<Lanes128<float>, Vector128<float>>(bearers, ends, 0),
            _ => 0,
        };
        Sweep<Lanes1<float>, float>(bearers, ends, done);
    }

    private static int Sweep<TLanes, TVector>(in Bearers bearers, ReadOnlySpan<int> ends, int start)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        float* levels = stackalloc float[LevelsMax * TLanes.Count];
        int column = start;
        for (; column <= bearers.Columns - TLanes.Count; column += TLanes.Count)
        {
            int place = 0;
            for (int segment = 0; segment < ends.Length; segment++)
            {
                TVector sum = TLanes.Broadcast(0f);
                for (; place < bearers.Count && (uint)bearers.Places[place] < (uint)ends[segment]; place++)
                    sum = TLanes.Add(sum, TLanes.Load(bearers.X + ((nint)(uint)bearers.Places[place] * bearers.Columns) + column));
                int merges = BitOperations.TrailingZeroCount(~segment);
                for (int level = 0; level < merges; level++)
                    sum = TLanes.Add(TLanes.Load(levels + (level * TLanes.Count)), sum);
                TLanes.Store(segment == ends.Length - 1 ? bearers.Sums + column : levels + (merges * TLanes.Count), sum);
            }
        }
        return column;
    }

    /// <summary>The rows that bear one number: their places are the low halves of sorted words.</summary>
    private struct Bearers
    {
        public float* X, Sums;
        public ulong* Places;
        public int Count, Columns;
    }
}
