using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Cluster.Ml.Randomness;

/// <summary>The counter-based generator Philox4x32-10, one block at a time and in bulk.</summary>
/// <remarks>
/// Equation  (x₀,x₁,x₂,x₃) ← (hi(M₁x₂) ⊕ x₁ ⊕ k₀, lo(M₁x₂), hi(M₀x₀) ⊕ x₃ ⊕ k₁, lo(M₀x₀)), ten times,
///           k₀ += 0x9E3779B9, k₁ += 0xBB67AE85 between rounds
/// Shapes    a fill works in groups of 8 blocks (32 values): value 8w + j of a group comes from word w of block j
/// Range     value i of a fill is a function of (seed, purpose, major, start + i) alone: any split into calls, any vector width
/// Source    Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, § 3.3; Random123 1.14
/// </remarks>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>Blocks of one group, and so the number of values that come from one word of each.</summary>
    private const int GroupBlocks = 8;
    private const int GroupValues = 4 * GroupBlocks;

    private delegate void GroupKernel(ulong seed, in PhiloxCounter first, Span<float> values);

    /// <summary>Uniform numbers in [0, 1), multiples of 2⁻²⁴.</summary>
    /// <param name="destination">[n], overwritten.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="major">Index of the sequence, such as the step; in [0, 2⁴⁴).</param>
    /// <param name="start">Which number of the sequence comes first; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public static void FillUniform(Span<float> destination, ulong seed, RandomPurpose purpose, long major, long start) =>
        Fill(destination, seed, purpose, major, start, UniformGroup);

    /// <summary>Numbers of the standard normal distribution, by Box and Muller in double precision, then rounded.</summary>
    /// <param name="destination">[n], overwritten.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="major">Index of the sequence, such as the step; in [0, 2⁴⁴).</param>
    /// <param name="start">Which number of the sequence comes first; not negative.</param>
    /// <remarks>Range  |value| ≤ √(66 ln 2) ≈ 6.77, for u is a multiple of 2⁻³² and half of that from 0</remarks>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    public static void FillGaussian(Span<float> destination, ulong seed, RandomPurpose purpose, long major, long start) =>
        Fill(destination, seed, purpose, major, start, GaussianGroup);

    /// <summary>The first 64 bits of the stream (seed, purpose, major, minor) for many values of minor at once.</summary>
    /// <param name="destination">[n], overwritten: what RandomStream.At(…, minors[i]).NextUInt64() gives.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="major">First index of the key.</param>
    /// <param name="minors">[n], second indices, none negative.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void FillFirst(Span<ulong> destination, ulong seed, RandomPurpose purpose, long major, ReadOnlySpan<int> minors)
    {
        if (destination.Length != minors.Length)
            throw new ArgumentException($"Philox.FillFirst: wanted {minors.Length} places, got {destination.Length}.", nameof(destination));
        PhiloxCounter counter = PhiloxCounter.OfStream(purpose, major, 0);
        int i = 0;
        for (; i + Vector256<ulong>.Count <= minors.Length; i += Vector256<ulong>.Count)
        {
            Vector256<ulong> lanes = Vector256.WidenLower(Vector128.Create(minors.Slice(i, 4)).AsUInt32().ToVector256());
            Permute(seed, Vector256<ulong>.Zero, lanes, Vector256.Create((ulong)counter.Word2), Vector256.Create((ulong)counter.Word3),
                out Vector256<ulong> w0, out Vector256<ulong> w1, out _, out _);
            (w0 | (w1 << 32)).CopyTo(destination[i..]);
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

    private static void Fill(Span<float> destination, ulong seed, RandomPurpose purpose, long major, long start, GroupKernel kernel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        Span<float> partial = stackalloc float[GroupValues];
        int done = 0;
        while (done < destination.Length)
        {
            (long group, int skip) = ((start + done) / GroupValues, (int)((start + done) % GroupValues));
            PhiloxCounter first = PhiloxCounter.OfFill(purpose, major, group * GroupBlocks);
            int take = Math.Min(GroupValues - skip, destination.Length - done);
            if (take == GroupValues)
            {
                kernel(seed, first, destination.Slice(done, GroupValues));
            }
            else
            {
                kernel(seed, first, partial);
                partial.Slice(skip, take).CopyTo(destination[done..]);
            }
            done += take;
        }
    }

    private static void UniformGroup(ulong seed, in PhiloxCounter first, Span<float> values)
    {
        const float scale = 1.0f / (1 << 24);
        for (int half = 0; half < GroupBlocks; half += 4)
        {
            Permute(seed, first, half, out Vector256<ulong> w0, out Vector256<ulong> w1, out Vector256<ulong> w2, out Vector256<ulong> w3);
            Store(w0, values[half..]);
            Store(w1, values[(GroupBlocks + half)..]);
            Store(w2, values[((2 * GroupBlocks) + half)..]);
            Store(w3, values[((3 * GroupBlocks) + half)..]);
        }

        static void Store(Vector256<ulong> words, Span<float> to)
        {
            Vector128<int> small = Vector256.Narrow(words >>> 8, Vector256<ulong>.Zero).GetLower().AsInt32();
            (Vector128.ConvertToSingle(small) * scale).CopyTo(to);
        }
    }

    private static void GaussianGroup(ulong seed, in PhiloxCounter first, Span<float> values)
    {
        for (int half = 0; half < GroupBlocks; half += 4)
        {
            Permute(seed, first, half, out Vector256<ulong> w0, out Vector256<ulong> w1, out Vector256<ulong> w2, out Vector256<ulong> w3);
            Store(w0, w1, values[half..]);
            Store(w2, w3, values[((2 * GroupBlocks) + half)..]);
        }

        static void Store(Vector256<ulong> first, Vector256<ulong> second, Span<float> to)
        {
            Vector256<double> scale = Vector256.Create(1.0 / (1UL << 32));
            Vector256<double> u = (PolarMath.ToDouble(first) + Vector256.Create(0.5)) * scale;
            Vector256<double> radius = Vector256.Sqrt(PolarMath.Log(u) * -2.0);
            (Vector256<double> sin, Vector256<double> cos) = PolarMath.SinCosTurns(PolarMath.ToDouble(second) * scale);
            Vector256.Narrow(radius * cos, Vector256<double>.Zero).GetLower().CopyTo(to);
            Vector256.Narrow(radius * sin, Vector256<double>.Zero).GetLower().CopyTo(to[GroupBlocks..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Permute(ulong seed, in PhiloxCounter first, int offset,
        out Vector256<ulong> w0, out Vector256<ulong> w1, out Vector256<ulong> w2, out Vector256<ulong> w3)
    {
        // A group's first block is a multiple of 8, so adding 0 … 7 never carries into word 1.
        Vector256<ulong> blocks = Vector256.Create((ulong)first.Word0 + (uint)offset) + Vector256.Create(0UL, 1, 2, 3);
        Permute(seed, blocks, Vector256.Create((ulong)first.Word1), Vector256.Create((ulong)first.Word2),
            Vector256.Create((ulong)first.Word3), out w0, out w1, out w2, out w3);
    }

    /// <summary>Four blocks at once: each 64-bit lane holds one 32-bit word, its upper half ignored until the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Permute(ulong seed, Vector256<ulong> x0, Vector256<ulong> x1, Vector256<ulong> x2, Vector256<ulong> x3,
        out Vector256<ulong> w0, out Vector256<ulong> w1, out Vector256<ulong> w2, out Vector256<ulong> w3)
    {
        (uint k0, uint k1) = ((uint)seed, (uint)(seed >> 32));
        for (int round = 0; round < Rounds; round++)
        {
            Vector256<ulong> p0 = Multiply(x0, Multiplier0), p1 = Multiply(x2, Multiplier1);
            x0 = (p1 >>> 32) ^ x1 ^ Vector256.Create((ulong)k0);
            x1 = p1;
            x2 = (p0 >>> 32) ^ x3 ^ Vector256.Create((ulong)k1);
            x3 = p0;
            k0 += Weyl0;
            k1 += Weyl1;
        }
        Vector256<ulong> low = Vector256.Create((ulong)uint.MaxValue);
        (w0, w1, w2, w3) = (x0 & low, x1 & low, x2 & low, x3 & low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Multiply(Vector256<ulong> words, uint multiplier)
    {
        if (Avx2.IsSupported) return Avx2.Multiply(words.AsUInt32(), Vector256.Create((ulong)multiplier).AsUInt32());
        return (words & Vector256.Create((ulong)uint.MaxValue)) * multiplier;
    }
}
