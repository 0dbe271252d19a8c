using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Randomness;

/// <summary>Numbers that nobody can foresee who has not the key: what private training is drawn from.</summary>
/// <remarks>
/// Shapes    a fill works in groups of 8 blocks of <see cref="ChaCha20"/>, 64 words of 64 bits: word 8k + b is made of words 2k and 2k + 1 of
///           block b. A word is a whole number, or with the word 8 places on it gives two normal numbers
/// Range     value i of a fill is a function of (key, purpose, index, start + i) alone: any split into calls, any vector width
/// Source    Box and Muller, "A Note on the Generation of Random Normal Deviates", Ann. Math. Statist. 29 (1958); RFC 8439
/// </remarks>
internal static unsafe class SecretNumbers
{
    private const int GroupBlocks = ChaCha20.BlocksAtOnce;
    private const int GroupValues = GroupBlocks * ChaCha20.BlockWords / 2;

    /// <summary>Bits of a number before it is turned into a normal one: as many as become a double without rounding.</summary>
    private const int FractionBits = 51;

    /// <summary>A stream ends with the cipher's counter.</summary>
    private const long GroupsMax = (1L << 32) / GroupBlocks;

    private delegate void Transform(Span<ulong> group, Span<float> values);

    /// <summary>Whole numbers of 64 random bits.</summary>
    /// <param name="destination">[n], overwritten.</param>
    /// <param name="key">[8].</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="index">Which stream of the purpose.</param>
    /// <param name="start">Which number of the stream comes first.</param>
    public static void FillWords(Span<ulong> destination, ReadOnlySpan<uint> key, RandomPurpose purpose, long index, long start)
    {
        Span<ulong> group = stackalloc ulong[GroupValues];
        ChaChaNonce nonce = ChaChaNonce.Of(purpose, index);
        for (int done = 0, take; done < destination.Length; done += take)
        {
            (long number, int skip) = ((start + done) / GroupValues, (int)((start + done) % GroupValues));
            take = Math.Min(GroupValues - skip, destination.Length - done);
            Group(key, nonce, number, group);
            group.Slice(skip, take).CopyTo(destination[done..]);
        }
    }

    /// <summary>Numbers of the standard normal distribution, by Box and Muller in double precision, then rounded.</summary>
    /// <remarks>Range  |value| ≤ √(104 ln 2) ≈ 8.49; what lies beyond has a randomness of 2·10⁻¹⁷</remarks>
    /// <inheritdoc cref="FillWords"/>
    public static void FillGaussian(Span<float> destination, ReadOnlySpan<uint> key, RandomPurpose purpose, long index, long start) =>
        FillGaussian(destination, key, purpose, index, start, LaneWidths.Widest);

    /// <summary>The same at a given width.</summary>
    internal static void FillGaussian(
        Span<float> destination, ReadOnlySpan<uint> key, RandomPurpose purpose, long index, long start, LaneWidth width)
    {
        Transform transform = width switch
        {
            LaneWidth.Bits512 => ToNormal<Lanes512<double>, Vector512<double>>,
            LaneWidth.Bits256 => ToNormal<Lanes256<double>, Vector256<double>>,
            LaneWidth.Bits128 => ToNormal<Lanes128<double>, Vector128<double>>,
            _ => ToNormal<Lanes1<double>, double>,
        };
        Span<ulong> group = stackalloc ulong[GroupValues];
        Span<float> values = stackalloc float[GroupValues];
        ChaChaNonce nonce = ChaChaNonce.Of(purpose, index);
        for (int done = 0, take; done < destination.Length; done += take)
        {
            (long number, int skip) = ((start + done) / GroupValues, (int)((start + done) % GroupValues));
            take = Math.Min(GroupValues - skip, destination.Length - done);
            Group(key, nonce, number, group);
            transform(group, values);
            values.Slice(skip, take).CopyTo(destination[done..]);
        }
    }

    private static void Group(ReadOnlySpan<uint> key, in ChaChaNonce nonce, long number, Span<ulong> group)
    {
        if (number is < 0 or >= GroupsMax)
            throw new ArgumentOutOfRangeException(nameof(number), number, $"SecretNumbers: wanted a place below {GroupsMax * GroupValues} of a stream.");
        Span<uint> words = stackalloc uint[GroupBlocks * ChaCha20.BlockWords];
        ChaCha20.EightBlocks(key, (uint)(number * GroupBlocks), nonce, words);
        for (int row = 0; row < GroupValues; row += GroupBlocks)
        {
            (Vector256<ulong> lowFirst, Vector256<ulong> lowLast) = Vector256.Widen(Vector256.Create<uint>(words.Slice(2 * row, GroupBlocks)));
            (Vector256<ulong> highFirst, Vector256<ulong> highLast) = Vector256.Widen(Vector256.Create<uint>(words.Slice((2 * row) + GroupBlocks, GroupBlocks)));
            (lowFirst | (highFirst << 32)).CopyTo(group[row..]);
            (lowLast | (highLast << 32)).CopyTo(group[(row + Vector256<ulong>.Count)..]);
        }
    }

    // Optimized at once: without its calls inlined it is a hundred times as slow.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToNormal<TLanes, TVector>(Span<ulong> group, Span<float> values)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        fixed (double* numbers = MemoryMarshal.Cast<ulong, double>(group))
        {
            for (double* pair = numbers; pair < numbers + GroupValues; pair += 2 * GroupBlocks)
                for (double* to = pair; to < pair + GroupBlocks; to += TLanes.Count) ToPolar<TLanes, TVector>(to);
            for (int i = 0; i < GroupValues; i += Vector256<float>.Count)
                Vector256.Narrow(Vector256.Load(numbers + i), Vector256.Load(numbers + i + Vector256<double>.Count)).CopyTo(values[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ToPolar<TLanes, TVector>(double* to)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector scale = TLanes.Broadcast(1.0 / (1L << FractionBits));
        TVector u = TLanes.Multiply(TLanes.Add(Fraction<TLanes, TVector>(to), TLanes.Broadcast(0.5)), scale);
        TVector radius = TLanes.Sqrt(TLanes.Multiply(PolarMath.Log<TLanes, TVector>(u), TLanes.Broadcast(-2.0)));
        (TVector sin, TVector cos) = PolarMath.SinCosTurns<TLanes, TVector>(TLanes.Multiply(Fraction<TLanes, TVector>(to + GroupBlocks), scale));
        TLanes.Store(to, TLanes.Multiply(radius, cos));
        TLanes.Store(to + GroupBlocks, TLanes.Multiply(radius, sin));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Fraction<TLanes, TVector>(double* word)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged =>
        TLanes.FromInteger(TLanes.And(TLanes.ShiftRight(TLanes.Load(word), 64 - FractionBits), TLanes.Bits((1L << FractionBits) - 1)));
}
