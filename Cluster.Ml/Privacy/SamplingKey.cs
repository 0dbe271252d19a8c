using System.Buffers.Binary;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Privacy;

/// <summary>Says which rows of a private job take part in one step. The workers that hold the rows need it, and learn nothing else from it.</summary>
/// <remarks>Range  derived one way from the run's secret and the step: it tells nothing of noise, nor of another step's rows</remarks>
public sealed class SamplingKey : IEquatable<SamplingKey>
{
    /// <summary>Bytes of a key.</summary>
    public const int Length = PrivacySecret.Length;

    private readonly byte[] _bytes;
    private readonly uint[] _words;

    internal SamplingKey(byte[] bytes)
    {
        _bytes = bytes;
        _words = WordsOf(bytes);
    }

    /// <summary>The key of these bytes.</summary>
    /// <exception cref="InvalidDataException">There are too few, or too many.</exception>
    public static SamplingKey FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new SamplingKey(bytes.ToArray())
        : throw new InvalidDataException($"SamplingKey: wanted {Length} bytes, got {bytes.Length}.");

    /// <summary>Its bytes, for a message.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <inheritdoc/>
    public bool Equals(SamplingKey? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SamplingKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_words[0], _words[1]);

    /// <summary>Never the key: a message that holds one may be written to a log.</summary>
    public override string ToString() => "(key)";

    /// <summary>64 random bits for each position of a shard, from a first one on.</summary>
    internal void FillProbabilities(Span<ulong> probabilities, int shard, int position) =>
        SecretNumbers.FillWords(probabilities, _words, RandomPurpose.PoissonSampling, shard, position);

    internal static uint[] WordsOf(ReadOnlySpan<byte> bytes)
    {
        uint[] words = new uint[ChaCha20.KeyWords];
        for (int i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * sizeof(uint))..]);
        return words;
    }
}
