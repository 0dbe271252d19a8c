using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Compression;

/// <summary>The contribution of a node of the summation tree by its largest entries: how it is laid out, made, added and read.</summary>
/// <remarks>
/// Equation  leaf: the k entries of the largest magnitude, of equal ones the first (<see cref="LargestEntries"/>); node: the sum of both, index by index
/// Shapes    words of single precision: how many entries; the exact numbers; the entries (index, number) by ascending index, or,
///           if those would take more room, all n numbers
/// Range     k = ⌈share·n⌉; whether a node is sparse follows from its children alone: the same bits on every node that adds them.
///           What is absent counts as 0; nothing is rounded but by adding
/// Cost      adding two sparse sums reads and writes their entries once, in place; nothing is allocated
/// Source    Stich, Cordonnier, Jaggi, "Sparsified SGD with Memory", NeurIPS 2018, definition 2.1 (top-k)
/// </remarks>
internal sealed class SparseContribution : ContributionPacking
{
    private const int HeaderLength = 1;
    private const uint AllNumbers = uint.MaxValue;     // in the place of how many entries
    private readonly int _kept;

    /// <param name="share">Share of the numbers that a micro-batch sends, in (0, 1].</param>
    /// <param name="length">Numbers of a contribution.</param>
    /// <param name="exact">How many at its end keep every bit.</param>
    public SparseContribution(double share, int length, int exact)
        : base(length, exact)
    {
        _kept = Math.Clamp((int)Math.Ceiling(share * Inexact), 1, Inexact);
        Length = checked(HeaderLength + exact + Inexact);
    }

    /// <inheritdoc/>
    public override int Length { get; }

    /// <inheritdoc/>
    public override bool LeavesOut => _kept < Inexact;

    /// <inheritdoc/>
    public override int LeastLength => HeaderLength + Exact;

    /// <inheritdoc/>
    public override int ExactStart => HeaderLength;

    /// <inheritdoc/>
    public override void Pack(Span<float> numbers, long step, int leaf, bool whole, Span<float> packed)
    {
        numbers[Inexact..].CopyTo(packed[HeaderLength..]);
        Span<float> all = numbers[..Inexact], body = packed[LeastLength..];
        if (whole || !LeavesOut)
        {
            all.CopyTo(body);
            all.Clear();
            SetCount(packed, AllNumbers);
            return;
        }
        if (IsSparse(_kept)) SetCount(packed, (uint)TakeLargest(all, MemoryMarshal.Cast<float, Entry>(body)));
        else
        {
            Take(all, LargestEntries.Of(all, _kept), body);
            SetCount(packed, AllNumbers);
        }
    }

    /// <inheritdoc/>
    public override void Add(Span<float> left, ReadOnlySpan<float> right)
    {
        TensorPrimitives.Add(left.Slice(HeaderLength, Exact), right.Slice(HeaderLength, Exact), left.Slice(HeaderLength, Exact));
        Span<float> body = left.Slice(LeastLength, Inexact);
        if (CountOf(left) == AllNumbers)
        {
            AddTo(body, right);
            return;
        }
        Span<Entry> mine = MemoryMarshal.Cast<float, Entry>(body);
        int count = (int)CountOf(left);
        if (CountOf(right) != AllNumbers)
        {
            ReadOnlySpan<Entry> others = EntriesOf(right);
            int union = UnionCount(mine[..count], others);
            if (IsSparse(union))
            {
                Merge(mine, count, others, union);
                SetCount(left, (uint)union);
                return;
            }
        }
        Spread(body, count);
        SetCount(left, AllNumbers);
        AddTo(body, right);
    }

    /// <inheritdoc/>
    public override void Unpack(ReadOnlySpan<float> packed, Span<float> numbers)
    {
        packed.Slice(HeaderLength, Exact).CopyTo(numbers[Inexact..]);
        Span<float> all = numbers[..Inexact];
        if (CountOf(packed) == AllNumbers) packed.Slice(LeastLength, Inexact).CopyTo(all);
        else
        {
            all.Clear();
            foreach (Entry entry in EntriesOf(packed)) all[entry.Index] = entry.Number;
        }
    }

    /// <inheritdoc/>
    public override int UsedLength(ReadOnlySpan<float> packed) => CountOf(packed) is uint count and not AllNumbers ? LeastLength + (2 * (int)count) : Length;

    /// <inheritdoc/>
    public override bool IsSound(ReadOnlySpan<float> packed, int words)
    {
        uint count = CountOf(packed);
        if (count == AllNumbers) return words == Length;
        if (count > Inexact / 2 || words != LeastLength + (2 * (int)count)) return false;
        int before = -1;
        foreach (Entry entry in EntriesOf(packed))
        {
            if (entry.Index <= before || entry.Index >= Inexact) return false;
            before = entry.Index;
        }
        return true;
    }

    // Entries take two words each.
    private bool IsSparse(int count) => count <= Inexact / 2;

    // Takes the largest out of a vector; what is left stays. One pass finds all that may be among them, so that few are sorted out; if
    // it finds too few or too many, all are looked at. Both come to the same.
    private int TakeLargest(Span<float> numbers, Span<Entry> entries)
    {
        uint least = LargestEntries.GuessBelow(numbers, _kept);
        int found = least == 0 ? 0 : Gather(numbers, least, entries);
        if (found < _kept) return Take(numbers, LargestEntries.Of(numbers, _kept), entries);
        entries = entries[..found];
        LargestEntries largest = LargestEntries.Of(MemoryMarshal.Cast<Entry, float>(entries), _kept, start: 1, stride: 2);
        int count = 0, ties = largest.Ties;
        foreach (Entry entry in entries)
        {
            if (!largest.Takes(entry.Number, ref ties)) continue;
            entries[count++] = entry;
            numbers[entry.Index] = 0;
        }
        return count;
    }

    // All of at least that magnitude; none if they are too many.
    private static int Gather(ReadOnlySpan<float> numbers, uint least, Span<Entry> entries)
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(numbers);
        Vector<int> magnitude = new(int.MaxValue), below = new((int)least - 1);
        int count = 0;
        for (int start = 0; start < bits.Length; start += Vector<int>.Count)
        {
            int lanes = Math.Min(Vector<int>.Count, bits.Length - start);
            if (lanes == Vector<int>.Count && !Vector.GreaterThanAny(new Vector<int>(bits[start..]) & magnitude, below)) continue;
            if (count + lanes > entries.Length) return 0;
            for (int i = start; i < start + lanes; i++)
            {
                entries[count] = new Entry(i, numbers[i]);
                count += LargestEntries.BitsOf(numbers[i]) >= least ? 1 : 0;
            }
        }
        return count;
    }

    private static int Take(Span<float> numbers, LargestEntries largest, Span<Entry> entries)
    {
        int count = 0, ties = largest.Ties;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!largest.Takes(numbers[i], ref ties)) continue;
            entries[count++] = new Entry(i, numbers[i]);
            numbers[i] = 0;
        }
        return count;
    }

    private static void Take(Span<float> numbers, LargestEntries largest, Span<float> taken)
    {
        int ties = largest.Ties;
        for (int i = 0; i < numbers.Length; i++)
        {
            uint bits = LargestEntries.BitsOf(numbers[i]);
            bool stays = bits < largest.Least || (bits == largest.Least && --ties < 0);
            (taken[i], numbers[i]) = stays ? (0f, numbers[i]) : (numbers[i], 0f);
        }
    }

    private static int UnionCount(ReadOnlySpan<Entry> mine, ReadOnlySpan<Entry> others)
    {
        int union = mine.Length + others.Length;
        for (int i = 0, j = 0; i < mine.Length && j < others.Length;)
        {
            int order = mine[i].Index - others[j].Index;
            if (order == 0) union--;
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        return union;
    }

    // From the end, if there is room; what is left of mine then is in its place already.
    private static void Merge(Span<Entry> mine, int count, ReadOnlySpan<Entry> others, int union)
    {
        for (int i = count - 1, j = others.Length - 1, to = union - 1; j >= 0; to--)
        {
            int order = i < 0 ? -1 : mine[i].Index - others[j].Index;
            if (order > 0) mine[to] = mine[i--];
            else if (order < 0) mine[to] = others[j--];
            else mine[to] = new Entry(mine[i].Index, mine[i--].Number + others[j--].Number);
        }
    }

    // From entries to all numbers, in the same place.
    private void Spread(Span<float> body, int count)
    {
        NumericBuffer copy = NumericBufferPool.Shared.Rent(NumberKind.Float32, Inexact);
        Span<Entry> entries = MemoryMarshal.Cast<float, Entry>(copy.Floats)[..count];
        MemoryMarshal.Cast<float, Entry>(body)[..count].CopyTo(entries);
        body.Clear();
        foreach (Entry entry in entries) body[entry.Index] = entry.Number;
        NumericBufferPool.Shared.Return(copy);
    }

    private void AddTo(Span<float> body, ReadOnlySpan<float> packed)
    {
        if (CountOf(packed) == AllNumbers) TensorPrimitives.Add(body, packed.Slice(LeastLength, Inexact), body);
        else
            foreach (Entry entry in EntriesOf(packed)) body[entry.Index] += entry.Number;
    }

    private ReadOnlySpan<Entry> EntriesOf(ReadOnlySpan<float> packed) =>
        MemoryMarshal.Cast<float, Entry>(packed[LeastLength..])[..(int)CountOf(packed)];

    private static uint CountOf(ReadOnlySpan<float> packed) => Unsafe.BitCast<float, uint>(packed[0]);

    private static void SetCount(Span<float> packed, uint count) => packed[0] = Unsafe.BitCast<uint, float>(count);

    /// <summary>One number and its index, in two words.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Entry(int Index, float Number);
}
