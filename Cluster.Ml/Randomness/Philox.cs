using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Randomness;

/// <summary>The counter-based generator Philox4x32-10, one block at a time and in bulk.</summary>
/// <remarks>
/// Equation  (x₀,x₁,x₂,x₃) ← (hi(M₁x₂) ⊕ x₁ ⊕ k₀, lo(M₁x₂), hi(M₀x₀) ⊕ x₃ ⊕ k₁, lo(M₀x₀)), ten times,
///           k₀ += 0x9E3779B9, k₁ += 0xBB67AE85 between rounds
/// Shapes    a fill works in groups of 8 blocks (32 values): value 8w + j of a group comes from word w of block j
/// Range     value i of a fill is a function of (seed, purpose, major, start + i) alone: any split into calls, any vector width
/// Source    Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, § 3.3; Random123 1.14
/// </remarks>
public static unsafe class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>Blocks of one group, and so the number of values that come from one word of each.</summary>
    private const int GroupBlocks = 8;
    private const int GroupValues = 4 * GroupBlocks;
    private const int GaussianAtOnce = 16 * GroupValues;

    private delegate void GroupsKernel(ulong seed, in PhiloxCounter counter, long block, Span<float> values);

    /// <summary>Uniform numbers in [0, 1), multiples of 2⁻²⁴.</summary>
    /// <param name="destination">[n], overwritten.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="major">Index of the sequence, such as the step; in [0, 2⁴⁴).</param>
    /// <param name="start">Which number of the sequence comes first; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public static void FillUniform(Span<float> destination, ulong seed, RandomPurpose purpose, long major, long start) =>
        FillUniform(destination, seed, purpose, major, start, LaneWidths.Widest);

    /// <summary>Numbers of the standard normal distribution, by Box and Muller in double precision, then rounded.</summary>
    /// <param name="destination">[n], overwritten.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="major">Index of the sequence, such as the step; in [0, 2⁴⁴).</param>
    /// <param name="start">Which number of the sequence comes first; not negative.</param>
    /// <remarks>Range  |value| ≤ √(66 ln 2) ≈ 6.77, for u is a multiple of 2⁻³² and half of that from 0</remarks>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public static void FillGaussian(Span<float> destination, ulong seed, RandomPurpose purpose, long major, long start) =>
        FillGaussian(destination, seed, purpose, major, start, LaneWidths.Widest);

    /// <summary>The first 64 bits of the stream (seed, purpose, major, minor) for many values of minor at once.</summary>
    /// <param name="destination">[n], overwritten: what RandomStream.At(…, minors[i]).NextUInt64() gives.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="major">First index of the key.</param>
    /// <param name="minors">[n], second indices, none negative.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FillFirst(Span<ulong> destination, ulong seed, RandomPurpose purpose, long major, ReadOnlySpan<int> minors)
    {
        if (destination.Length != minors.Length)
            throw new ArgumentException($"Philox.FillFirst: wanted {minors.Length} places, got {destination.Length}.", nameof(destination));
        PhiloxCounter counter = PhiloxCounter.OfStream(purpose, major, 0);
        int i = 0;
        for (; Vector512.IsHardwareAccelerated && i <= minors.Length - Vector512<ulong>.Count; i += Vector512<ulong>.Count)
        {
            Vector512<ulong> lanes = Vector512.WidenLower(Vector256.Create(minors.Slice(i, Vector512<ulong>.Count)).AsUInt32().ToVector512());
            Permute<Lanes512<double>, Vector512<double>>(seed, counter, Vector512<double>.Zero, lanes.AsDouble(),
                out Vector512<double> w0, out Vector512<double> w1, out _, out _);
            (w0.AsUInt64() | (w1.AsUInt64() << 32)).CopyTo(destination[i..]);
        }
        for (; i <= minors.Length - Vector256<ulong>.Count; i += Vector256<ulong>.Count)
        {
            Vector256<ulong> lanes = Vector256.WidenLower(Vector128.Create(minors.Slice(i, Vector256<ulong>.Count)).AsUInt32().ToVector256());
            Permute<Lanes256<double>, Vector256<double>>(seed, counter, Vector256<double>.Zero, lanes.AsDouble(),
                out Vector256<double> w0, out Vector256<double> w1, out _, out _);
            (w0.AsUInt64() | (w1.AsUInt64() << 32)).CopyTo(destination[i..]);
        }
        for (; i < minors.Length; i++)
        {
            PhiloxWords words = Block(counter with { Word1 = (uint)minors[i] }, seed);
            destination[i] = words.Word0 | ((ulong)words.Word1 << 32);
        }
    }

    /// <summary>One block: four random words.</summary>
    internal static PhiloxWords Block(in PhiloxCounter counter, ulong key)
    {
        (uint x0, uint x1, uint x2, uint x3) = (counter.Word0, counter.Word1, counter.Word2, counter.Word3);
        (uint k0, uint k1) = ((uint)key, (uint)(key >> 32));
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * x0, p1 = (ulong)Multiplier1 * x2;
            (x0, x1, x2, x3) = ((uint)(p1 >> 32) ^ x1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ x3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return new PhiloxWords(x0, x1, x2, x3);
    }

    /// <summary>The same at a given width.</summary>
    internal static void FillUniform(Span<float> destination, ulong seed, RandomPurpose purpose, long major, long start, LaneWidth width) =>
        Fill(destination, seed, purpose, major, start, width switch
        {
            LaneWidth.Bits512 => UniformGroups<Lanes512<double>, Vector512<double>>,
            LaneWidth.Bits256 => UniformGroups<Lanes256<double>, Vector256<double>>,
            LaneWidth.Bits128 => UniformGroups<Lanes128<double>, Vector128<double>>,
            _ => UniformGroups<Lanes1<double>, double>,
        });

    /// <summary>The same at a given width.</summary>
    internal static void FillGaussian(Span<float> destination, ulong seed, RandomPurpose purpose, long major, long start, LaneWidth width) =>
        Fill(destination, seed, purpose, major, start, width switch
        {
            LaneWidth.Bits512 => GaussianGroups<Lanes512<double>, Vector512<double>>,
            LaneWidth.Bits256 => GaussianGroups<Lanes256<double>, Vector256<double>>,
            LaneWidth.Bits128 => GaussianGroups<Lanes128<double>, Vector128<double>>,
            _ => GaussianGroups<Lanes1<double>, double>,
        });

    private static void Fill(Span<float> destination, ulong seed, RandomPurpose purpose, long major, long start, GroupsKernel kernel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        PhiloxCounter counter = PhiloxCounter.OfFill(purpose, major, 0);
        Span<float> partial = stackalloc float[GroupValues];
        int done = 0;
        while (done < destination.Length)
        {
            (long group, int skip) = ((start + done) / GroupValues, (int)((start + done) % GroupValues));
            int left = destination.Length - done, take = left - (left % GroupValues);
            if (skip == 0 && take > 0)
            {
                kernel(seed, counter, group * GroupBlocks, destination.Slice(done, take));
            }
            else
            {
                take = Math.Min(GroupValues - skip, left);
                kernel(seed, counter, group * GroupBlocks, partial);
                partial.Slice(skip, take).CopyTo(destination[done..]);
            }
            done += take;
        }
    }

    // Optimized at once, as are the Gaussian ones: a fill is long, and without its calls inlined a hundred times as slow.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UniformGroups<TLanes, TVector>(ulong seed, in PhiloxCounter counter, long block, Span<float> values)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector scale = TLanes.Broadcast(1.0 / (1 << 24));
        double* group = stackalloc double[GroupValues];
        for (int done = 0; done < values.Length; done += GroupValues, block += GroupBlocks)
        {
            for (int first = 0; first < GroupBlocks; first += TLanes.Count)
            {
                Permute<TLanes, TVector>(seed, counter, block + first, out TVector w0, out TVector w1, out TVector w2, out TVector w3);
                double* to = group + first;
                TLanes.Store(to, TLanes.Multiply(TLanes.FromInteger(TLanes.ShiftRight(w0, 8)), scale));
                TLanes.Store(to + GroupBlocks, TLanes.Multiply(TLanes.FromInteger(TLanes.ShiftRight(w1, 8)), scale));
                TLanes.Store(to + (2 * GroupBlocks), TLanes.Multiply(TLanes.FromInteger(TLanes.ShiftRight(w2, 8)), scale));
                TLanes.Store(to + (3 * GroupBlocks), TLanes.Multiply(TLanes.FromInteger(TLanes.ShiftRight(w3, 8)), scale));
            }
            Round(group, values.Slice(done, GroupValues));
        }
    }

    // In three passes over what the nearest cache holds: the chains of one pass are short enough for the processor to run several side by side.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void GaussianGroups<TLanes, TVector>(ulong seed, in PhiloxCounter counter, long block, Span<float> values)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        double* numbers = stackalloc double[GaussianAtOnce];
        for (int done = 0, length; done < values.Length; done += length)
        {
            length = Math.Min(GaussianAtOnce, values.Length - done);
            for (double* group = numbers; group < numbers + length; group += GroupValues, block += GroupBlocks)
                for (int first = 0; first < GroupBlocks; first += TLanes.Count)
                {
                    Permute<TLanes, TVector>(seed, counter, block + first, out TVector w0, out TVector w1, out TVector w2, out TVector w3);
                    TLanes.Store(group + first, w0);
                    TLanes.Store(group + first + GroupBlocks, w1);
                    TLanes.Store(group + first + (2 * GroupBlocks), w2);
                    TLanes.Store(group + first + (3 * GroupBlocks), w3);
                }
            for (double* pair = numbers; pair < numbers + length; pair += 2 * GroupBlocks)
                for (double* to = pair; to < pair + GroupBlocks; to += TLanes.Count)
                    ToPolar<TLanes, TVector>(to);
            for (int group = 0; group < length; group += GroupValues) Round(numbers + group, values.Slice(done + group, GroupValues));
        }
    }

    /// <summary>Some words and those of the next word of their blocks, [GroupBlocks] further on, become normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ToPolar<TLanes, TVector>(double* to)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector first = TLanes.Load(to), second = TLanes.Load(to + GroupBlocks);
        TVector scale = TLanes.Broadcast(1.0 / (1UL << 32));
        TVector u = TLanes.Multiply(TLanes.Add(TLanes.FromInteger(first), TLanes.Broadcast(0.5)), scale);
        TVector radius = TLanes.Sqrt(TLanes.Multiply(PolarMath.Log<TLanes, TVector>(u), TLanes.Broadcast(-2.0)));
        (TVector sin, TVector cos) = PolarMath.SinCosTurns<TLanes, TVector>(TLanes.Multiply(TLanes.FromInteger(second), scale));
        TLanes.Store(to, TLanes.Multiply(radius, cos));
        TLanes.Store(to + GroupBlocks, TLanes.Multiply(radius, sin));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(double* group, Span<float> values)
    {
        for (int i = 0; i < GroupValues; i += Vector256<float>.Count)
            Vector256.Narrow(Vector256.Load(group + i), Vector256.Load(group + i + Vector256<double>.Count)).CopyTo(values[i..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Permute<TLanes, TVector>(
        ulong seed, in PhiloxCounter counter, long block, out TVector w0, out TVector w1, out TVector w2, out TVector w3)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        // Blocks are taken from a multiple of 8 on, at most 8 at a time, so their numbers never carry into word 1.
        ReadOnlySpan<long> offsets = [0, 1, 2, 3, 4, 5, 6, 7];
        fixed (long* first = offsets)
        {
            TVector blocks = TLanes.AddBits(TLanes.Bits((uint)block), TLanes.Load((double*)first));
            Permute<TLanes, TVector>(seed, counter, blocks, TLanes.Bits(block >>> 32), out w0, out w1, out w2, out w3);
        }
    }

    /// <summary>Some blocks at once: each 64-bit lane holds one 32-bit word, its upper half ignored until the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Permute<TLanes, TVector>(ulong seed, in PhiloxCounter counter, TVector x0, TVector x1,
        out TVector w0, out TVector w1, out TVector w2, out TVector w3)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : unmanaged
    {
        TVector x2 = TLanes.Bits(counter.Word2), x3 = TLanes.Bits(counter.Word3);
        TVector k0 = TLanes.Bits((uint)seed), k1 = TLanes.Bits((uint)(seed >> 32));
        for (int round = 0; round < Rounds; round++)
        {
            TVector p0 = TLanes.MultiplyBits(x0, TLanes.Bits(Multiplier0)), p1 = TLanes.MultiplyBits(x2, TLanes.Bits(Multiplier1));
            x0 = TLanes.Xor(TLanes.Xor(TLanes.ShiftRight(p1, 32), x1), k0);
            x1 = p1;
            x2 = TLanes.Xor(TLanes.Xor(TLanes.ShiftRight(p0, 32), x3), k1);
            x3 = p0;
            k0 = TLanes.AddBits(k0, TLanes.Bits(Weyl0));        // in vectors: moving a key to all lanes would take longer
            k1 = TLanes.AddBits(k1, TLanes.Bits(Weyl1));
        }
        TVector low = TLanes.Bits(uint.MaxValue);
        (w0, w1, w2, w3) = (TLanes.And(x0, low), TLanes.And(x1, low), TLanes.And(x2, low), TLanes.And(x3, low));
    }
}
