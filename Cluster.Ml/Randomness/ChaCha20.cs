using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cluster.Ml.Randomness;

/// <summary>The stream cipher ChaCha20, whose keystream nobody can tell from randomness who has not the key.</summary>
/// <remarks>
/// Equation  a quarter round: a += b, d ← (d ⊕ a) ⋘ 16; c += d, b ← (b ⊕ c) ⋘ 12; a += b, d ← (d ⊕ a) ⋘ 8; c += d, b ← (b ⊕ c) ⋘ 7;
///           twenty rounds, over the columns and the diagonals alternately, then the first state is added
/// Shapes    key [8], nonce of three words, a counter of 32 bits; a block is 16 words of 32 bits
/// Range     a block is a function of (key, counter, nonce) alone; eight at once are the same eight as one after another
/// Source    RFC 8439, § 2.3; its test vectors in ChaCha20Tests
/// </remarks>
internal static class ChaCha20
{
    /// <summary>Words of a key.</summary>
    public const int KeyWords = 8;

    /// <summary>Words of a block.</summary>
    public const int BlockWords = 16;

    /// <summary>Blocks that are made at once.</summary>
    public const int BlocksAtOnce = 8;

    private const int DoubleRounds = 10;

    /// <summary>Makes eight blocks: word w of block b is written to place 8w + b.</summary>
    /// <param name="key">[8].</param>
    /// <param name="counter">Of the first block; the others follow it.</param>
    /// <param name="nonce">Tells streams of one key apart.</param>
    /// <param name="words">[128].</param>
    public static void EightBlocks(ReadOnlySpan<uint> key, uint counter, in ChaChaNonce nonce, Span<uint> words)
    {
        Vector256<uint> counters = Vector256.Create(counter) + Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7);
        Span<Vector256<uint>> first =
        [
            Vector256.Create(0x61707865u), Vector256.Create(0x3320646eu), Vector256.Create(0x79622d32u), Vector256.Create(0x6b206574u),
            Vector256.Create(key[0]), Vector256.Create(key[1]), Vector256.Create(key[2]), Vector256.Create(key[3]),
            Vector256.Create(key[4]), Vector256.Create(key[5]), Vector256.Create(key[6]), Vector256.Create(key[7]),
            counters, Vector256.Create(nonce.Word0), Vector256.Create(nonce.Word1), Vector256.Create(nonce.Word2),
        ];
        Permute(first, words);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Permute(ReadOnlySpan<Vector256<uint>> first, Span<uint> words)
    {
        Vector256<uint> x0 = first[0], x1 = first[1], x2 = first[2], x3 = first[3], x4 = first[4], x5 = first[5], x6 = first[6], x7 = first[7];
        Vector256<uint> x8 = first[8], x9 = first[9], x10 = first[10], x11 = first[11], x12 = first[12], x13 = first[13], x14 = first[14], x15 = first[15];
        for (int round = 0; round < DoubleRounds; round++)
        {
            Quarter(ref x0, ref x4, ref x8, ref x12);
            Quarter(ref x1, ref x5, ref x9, ref x13);
            Quarter(ref x2, ref x6, ref x10, ref x14);
            Quarter(ref x3, ref x7, ref x11, ref x15);
            Quarter(ref x0, ref x5, ref x10, ref x15);
            Quarter(ref x1, ref x6, ref x11, ref x12);
            Quarter(ref x2, ref x7, ref x8, ref x13);
            Quarter(ref x3, ref x4, ref x9, ref x14);
        }
        ReadOnlySpan<Vector256<uint>> last = [x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15];
        for (int word = 0; word < BlockWords; word++) (last[word] + first[word]).CopyTo(words[(word * BlocksAtOnce)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d)
    {
        a += b;
        d = RotateBy16(d ^ a);
        c += d;
        b = Rotate(b ^ c, 12);
        a += b;
        d = RotateBy8(d ^ a);
        c += d;
        b = Rotate(b ^ c, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rotate(Vector256<uint> value, int bits) => (value << bits) | (value >>> (32 - bits));

    // A rotation by whole bytes is one operation where vectors are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateBy16(Vector256<uint> value) => !Vector256.IsHardwareAccelerated ? Rotate(value, 16)
        : Vector256.Shuffle(value.AsByte(), Vector256.Create(
            (byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13, 18, 19, 16, 17, 22, 23, 20, 21, 26, 27, 24, 25, 30, 31, 28, 29)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateBy8(Vector256<uint> value) => !Vector256.IsHardwareAccelerated ? Rotate(value, 8)
        : Vector256.Shuffle(value.AsByte(), Vector256.Create(
            (byte)3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14, 19, 16, 17, 18, 23, 20, 21, 22, 27, 24, 25, 26, 31, 28, 29, 30)).AsUInt32();
}

/// <summary>What tells the streams of one ChaCha20 key apart.</summary>
internal readonly record struct ChaChaNonce(uint Word0, uint Word1, uint Word2)
{
    /// <summary>The stream of a purpose and an index of it, such as a step or a shard.</summary>
    public static ChaChaNonce Of(RandomPurpose purpose, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new ChaChaNonce((uint)index, (uint)(index >> 32), (uint)purpose);
    }
}
