using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Compression;

/// <summary>Writes a block of numbers in fewer bits each, behind the scale that they share, and reads it back.</summary>
/// <remarks>
/// Equation  int8: s = max|x| / 127, q = ⌊x/s⌋ + [u &lt; x/s − ⌊x/s⌋], u uniform in [0, 1): E[s·q] = x;
///           fp16: s = 2^(⌊log₂ max|x|⌋ − 14), q = x/s rounded to the nearest half-precision number, ties to even
/// Shapes    numbers [n], n ≤ <see cref="Length"/> → words [1 + ⌈n·bits / 32⌉]: the scale, then the codes
/// Range     int8: |s·q − x| &lt; s, and at most s/2 for u = ½;  fp16: |s·q − x| ≤ 2⁻¹¹|x|, or 2⁻²⁵·s if that is more; a block whose
///           largest number is below 2⁻¹⁰⁰ becomes zeros; one with a number that is not finite becomes NaN, so that training ends as diverged
/// Source    Alistarh, Grubic, Li, Tomioka, Vojnovic, "QSGD", NIPS 2017: buckets, rounding at random, the largest number for the norm
/// </remarks>
internal static class BlockRounding
{
    /// <summary>Numbers of one block, but for the last of a vector.</summary>
    public const int Length = 256;

    private const float CodeMost = 127;
    private const int HalfExponent = 14;        // the largest number of a block lies in [2¹⁴, 2¹⁵): far from 65504, and far above what underflows
    private const float Least = 7.888609e-31f;  // 2⁻¹⁰⁰

    /// <summary>Words of single precision that <paramref name="count"/> numbers of one block take.</summary>
    public static int Words(CompressionKind kind, int count) => 1 + (((count * (kind == CompressionKind.Int8 ? 1 : 2)) + 3) / sizeof(float));

    /// <summary>Writes one block.</summary>
    /// <param name="kind">How.</param>
    /// <param name="numbers">[n].</param>
    /// <param name="probabilities">[n], uniform in [0, 1); read for int8 alone.</param>
    /// <param name="words">[Words(n)], overwritten.</param>
    public static void Write(CompressionKind kind, ReadOnlySpan<float> numbers, ReadOnlySpan<float> probabilities, Span<float> words)
    {
        words.Clear();
        float most = MathF.Abs(TensorPrimitives.MaxMagnitude(numbers));
        if (!float.IsFinite(most)) words[0] = float.NaN;
        if (!(most >= Least) || !float.IsFinite(most)) return;
        if (kind == CompressionKind.Int8) WriteBytes(numbers, probabilities, words[0] = most / CodeMost, MemoryMarshal.Cast<float, sbyte>(words[1..]));
        else WriteHalves(numbers, words[0] = MathF.ScaleB(1, MathF.ILogB(most) - HalfExponent), MemoryMarshal.Cast<float, Half>(words[1..]));
    }

    /// <summary>Reads one block back.</summary>
    /// <param name="kind">How it was written.</param>
    /// <param name="words">[Words(n)].</param>
    /// <param name="numbers">[n], overwritten.</param>
    public static void Read(CompressionKind kind, ReadOnlySpan<float> words, Span<float> numbers)
    {
        float scale = words[0];
        if (kind == CompressionKind.Int8)
            TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<float, sbyte>(words[1..])[..numbers.Length], numbers);
        else
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<float, Half>(words[1..])[..numbers.Length], numbers);
        TensorPrimitives.Multiply(numbers, scale, numbers);
    }

    private static void WriteBytes(ReadOnlySpan<float> numbers, ReadOnlySpan<float> probabilities, float scale, Span<sbyte> codes)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            float exact = numbers[i] / scale, below = MathF.Floor(exact);
            float code = probabilities[i] < exact - below ? below + 1 : below;
            codes[i] = (sbyte)Math.Clamp(code, -CodeMost, CodeMost);    // the largest number over the scale may be rounded above 127
        }
    }

    private static void WriteHalves(ReadOnlySpan<float> numbers, float scale, Span<Half> codes)
    {
        Span<float> scaled = stackalloc float[Length];
        scaled = scaled[..numbers.Length];
        TensorPrimitives.Multiply(numbers, 1 / scale, scaled);
        TensorPrimitives.ConvertToHalf(scaled, codes[..numbers.Length]);
    }
}
