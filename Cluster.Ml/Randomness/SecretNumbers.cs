using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Cluster.Ml.Randomness;

/// <summary>Numbers that nobody can foresee who has not the key: what private training is drawn from.</summary>
/// <remarks>
/// Shapes    a fill works in groups of 8 blocks of <see cref="ChaCha20"/>, 64 words of 64 bits: word 8k + b is made of words 2k and 2k + 1 of
///           block b
/// Range     value i of a fill is a function of (key, purpose, index, start + i) alone: any split into calls, any vector width
/// Source    RFC 8439
/// </remarks>
internal static class SecretNumbers
{
    private const int GroupBlocks = ChaCha20.BlocksAtOnce;

    /// <summary>Words that are made at once.</summary>
    public const int GroupValues = GroupBlocks * ChaCha20.BlockWords / 2;

    /// <summary>The same as words of 32 bits.</summary>
    public const int GroupHalves = 2 * GroupValues;

    /// <summary>A stream ends with the cipher's counter.</summary>
    private const long GroupsMax = (1L << 32) / GroupBlocks;

    /// <summary>Whole numbers of 64 random bits.</summary>
    /// <param name="destination">[n], overwritten.</param>
    /// <param name="key">[8].</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="index">Which stream of the purpose.</param>
    /// <param name="start">Which number of the stream comes first.</param>
    public static void FillWords(Span<ulong> destination, ReadOnlySpan<uint> key, RandomPurpose purpose, long index, long start)
    {
        ChaChaNonce nonce = ChaChaNonce.Of(purpose, index);
        int whole = start % GroupValues == 0 ? destination.Length / GroupValues : 0;
        for (int group = 0; group < whole; group++) Group(key, nonce, (start / GroupValues) + group, destination.Slice(group * GroupValues, GroupValues));
        if (whole * GroupValues < destination.Length) FillParts(destination[(whole * GroupValues)..], key, nonce, start + (whole * GroupValues));
    }

    /// <summary>Whole numbers of 32 random bits, group by group: number 8k + b of a group is word k of its block b.</summary>
    /// <param name="destination">[n], a multiple of <see cref="GroupHalves"/>, overwritten.</param>
    /// <param name="key">[8].</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="index">Which stream of the purpose.</param>
    /// <param name="first">Which group of the stream comes first: it holds the words from first·<see cref="GroupValues"/> on, so that nobody may take both.</param>
    public static void FillGroups(Span<uint> destination, ReadOnlySpan<uint> key, RandomPurpose purpose, long index, long first)
    {
        ChaChaNonce nonce = ChaChaNonce.Of(purpose, index);
        RequireGroup(first + (destination.Length / GroupHalves) - 1);
        for (int place = 0; place < destination.Length; place += GroupHalves, first++)
            ChaCha20.EightBlocks(key, (uint)(first * GroupBlocks), nonce, destination.Slice(place, GroupHalves));
    }

    private static void FillParts(Span<ulong> destination, ReadOnlySpan<uint> key, in ChaChaNonce nonce, long start)
    {
        Span<ulong> group = stackalloc ulong[GroupValues];
        for (int done = 0, take; done < destination.Length; done += take)
        {
            (long number, int skip) = ((start + done) / GroupValues, (int)((start + done) % GroupValues));
            take = Math.Min(GroupValues - skip, destination.Length - done);
            Group(key, nonce, number, group);
            group.Slice(skip, take).CopyTo(destination[done..]);
        }
    }

    [SkipLocalsInit]
    private static void Group(ReadOnlySpan<uint> key, in ChaChaNonce nonce, long number, Span<ulong> group)
    {
        RequireGroup(number);
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

    private static void RequireGroup(long number)
    {
        if (number is < 0 or >= GroupsMax)
            throw new ArgumentOutOfRangeException(nameof(number), number, $"SecretNumbers: wanted a place below {GroupsMax * GroupValues} of a stream.");
    }
}
