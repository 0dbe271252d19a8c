using System.Runtime.CompilerServices;

namespace Cluster.Ml.Randomness;

/// <summary>The words of a stretch of one secret stream, one after another, made as they are asked for.</summary>
/// <remarks>Range  word i of a stretch is word start + i of <see cref="SecretNumbers.FillWords"/>; a stretch has an end, behind which another may begin</remarks>
internal ref struct SecretWords
{
    /// <summary>Words that are made at once.</summary>
    public const int GroupLength = SecretNumbers.GroupValues;

    private readonly ReadOnlySpan<uint> _key;
    private readonly Span<ulong> _group;
    private readonly RandomPurpose _purpose;
    private readonly long _index, _end;
    private long _made;
    private int _taken;

    /// <summary>A stretch of a stream.</summary>
    /// <param name="key">[8].</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="index">Which stream of the purpose.</param>
    /// <param name="stretch">Its first word, a multiple of <see cref="GroupLength"/>, and how many words follow.</param>
    /// <param name="group">[<see cref="GroupLength"/>]: where words lie until they are taken.</param>
    public SecretWords(ReadOnlySpan<uint> key, RandomPurpose purpose, long index, (long Start, long Length) stretch, Span<ulong> group)
    {
        _key = key;
        _group = group[..GroupLength];
        (_purpose, _index) = (purpose, index);
        (_made, _end, _taken) = (stretch.Start, stretch.Start + stretch.Length, GroupLength);
    }

    /// <summary>These words and no others.</summary>
    internal SecretWords(Span<ulong> words) => _group = words;

    /// <summary>The next 64 random bits.</summary>
    /// <exception cref="InvalidOperationException">The stretch has ended.</exception>
    public ulong Next()
    {
        if (_taken == _group.Length) MakeGroup();
        return _group[_taken++];
    }

    /// <summary>The next two words; the same as of two calls.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (ulong First, ulong Second) NextPair()
    {
        int taken = _taken;
        if (taken + 1 >= _group.Length) return (Next(), Next());
        _taken = taken + 2;
        return (_group[taken], _group[taken + 1]);
    }

    private void MakeGroup()
    {
        if (_made >= _end) throw new InvalidOperationException($"SecretWords: wanted words before place {_end} of a stream, got to its end.");
        SecretNumbers.FillWords(_group, _key, _purpose, _index, _made);
        (_made, _taken) = (_made + GroupLength, 0);
    }
}
