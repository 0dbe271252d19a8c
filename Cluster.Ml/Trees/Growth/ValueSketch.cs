using System.Buffers;

namespace Cluster.Ml.Trees.Growth;

/// <summary>The distinct values of a column and how many rows have each: all of them, or if there are too many a random few with exact counts.</summary>
/// <param name="numbers">[2 + 2·capacity]: how many values, whether others were left out, the values ascending, their counts.</param>
/// <param name="capacity">The most values kept, k.</param>
/// <remarks>
/// Equation  keeps the k values with the smallest keys; key(v) is a bijection of v's 64 bits, so that no two values share a key
/// Range     merging is associative and commutative, bit for bit: a value with one of the k smallest keys of all has one of the k smallest
///           of every part that holds it, so that its count is complete
/// Source    bottom-k sketches: Cohen and Kaplan, "Summarizing Data using Bottom-k Sketches", PODC 2007; mixing: Steele, Lea, Flood,
///           "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014
/// </remarks>
internal readonly ref struct ValueSketch(Span<double> numbers, int capacity)
{
    private readonly Span<double> _numbers = numbers;

    public int Used => Math.Clamp((int)_numbers[0], 0, capacity);

    /// <summary>Whether the column has more values than are kept.</summary>
    public bool Pruned => _numbers[1] != 0;

    public ReadOnlySpan<double> Values => _numbers.Slice(2, Used);

    public ReadOnlySpan<double> Counts => _numbers.Slice(2 + capacity, Used);

    public static int LengthOf(int capacity) => 2 + (2 * capacity);

    /// <summary>Whether numbers from another process are a sketch.</summary>
    public bool IsSound()
    {
        double used = _numbers[0];
        if (!(used >= 0 && used <= capacity && used == Math.Truncate(used))) return false;
        ReadOnlySpan<double> values = Values;
        for (int i = 1; i < values.Length; i++)
            if (!(values[i - 1] < values[i])) return false;
        return true;
    }

    /// <summary>Adds values, ascending and distinct, with their counts.</summary>
    /// <param name="values">Theirs.</param>
    /// <param name="counts">How many rows have each.</param>
    /// <param name="pruned">Whether some were left out already.</param>
    /// <param name="salt">What keys are mixed with.</param>
    public void Merge(ReadOnlySpan<double> values, ReadOnlySpan<double> counts, bool pruned, ulong salt)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(2 * (Used + values.Length));
        Span<double> allValues = rented.AsSpan(0, Used + values.Length), allCounts = rented.AsSpan(allValues.Length, allValues.Length);
        int merged = MergeSorted(values, counts, allValues, allCounts);
        allValues = allValues[..merged];
        allCounts = allCounts[..merged];
        if (merged > capacity)
        {
            merged = Prune(allValues, allCounts, salt);
            pruned = true;
        }
        allValues[..merged].CopyTo(_numbers[2..]);
        allCounts[..merged].CopyTo(_numbers[(2 + capacity)..]);
        _numbers[0] = merged;
        if (pruned) _numbers[1] = 1;
        ArrayPool<double>.Shared.Return(rented);
    }

    private int MergeSorted(ReadOnlySpan<double> values, ReadOnlySpan<double> counts, Span<double> allValues, Span<double> allCounts)
    {
        ReadOnlySpan<double> mine = Values, mineCounts = Counts;
        int i = 0, j = 0, to = 0;
        while (i < mine.Length || j < values.Length)
        {
            bool left = j == values.Length || (i < mine.Length && mine[i] <= values[j]), both = left && j < values.Length && mine[i] == values[j];
            allValues[to] = left ? mine[i] : values[j];
            allCounts[to++] = both ? mineCounts[i] + counts[j] : left ? mineCounts[i] : counts[j];
            if (left) i++;
            if (!left || both) j++;
        }
        return to;
    }

    /// <summary>Leaves the values with the smallest keys, in their order.</summary>
    private int Prune(Span<double> values, Span<double> counts, ulong salt)
    {
        var keys = new ulong[values.Length];
        for (int i = 0; i < keys.Length; i++) keys[i] = KeyOf(values[i], salt);
        ulong[] sorted = (ulong[])keys.Clone();
        sorted.AsSpan().Sort();
        ulong most = sorted[capacity - 1];
        int to = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] > most) continue;
            (values[to], counts[to]) = (values[i], counts[i]);
            to++;
        }
        return to;
    }

    private static ulong KeyOf(double value, ulong salt)
    {
        ulong z = BitConverter.DoubleToUInt64Bits(value) ^ salt;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
