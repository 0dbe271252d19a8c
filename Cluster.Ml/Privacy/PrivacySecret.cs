using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cluster.Ml.Data;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Privacy;

/// <summary>
/// 256 secret bits of one private run, from which its noise and its samples are drawn. Anyone who knows them can take the noise off a
/// model again: they belong into the coordinator's journal and nowhere else.
/// </summary>
/// <remarks>
/// Equation  what is derived for a use u and an index i is HMAC-SHA-256(secret, u ‖ i): from it neither the secret nor what is derived
///           for another use or index can be told
/// Source    RFC 2104; Bellare, "New Proofs for NMAC and HMAC", CRYPTO 2006
/// </remarks>
public sealed class PrivacySecret : IEquatable<PrivacySecret>
{
    /// <summary>Bytes of a secret, and of all that is derived from it.</summary>
    public const int Length = 32;

    private readonly byte[] _bytes;
    private readonly uint[] _noise;

    private PrivacySecret(byte[] bytes)
    {
        _bytes = bytes;
        _noise = SamplingKey.WordsOf(Derive("noise", 0));
    }

    /// <summary>A fresh one, from the platform's generator.</summary>
    public static PrivacySecret Draw() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>The secret of these bytes.</summary>
    /// <exception cref="InvalidDataException">There are too few, or too many.</exception>
    public static PrivacySecret FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new PrivacySecret(bytes.ToArray())
        : throw new InvalidDataException($"PrivacySecret: wanted {Length} bytes, got {bytes.Length}.");

    /// <summary>Reads a file that holds 64 hexadecimal digits, for a run that is to be repeated.</summary>
    /// <exception cref="BadInputException">It cannot be read, or holds something else; what it holds is not told.</exception>
    public static PrivacySecret ReadFile(string path)
    {
        try
        {
            string text = File.ReadAllText(path).Trim();
            if (text.Length == 2 * Length && text.All(char.IsAsciiHexDigit)) return new PrivacySecret(Convert.FromHexString(text));
            throw new BadInputException(path, null, null, $"{2 * Length} hexadecimal digits", "something else", $"make one with: openssl rand -hex {Length}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(path, null, null, "a file with a secret", unreadable.Message.TrimEnd('.'), $"make one with: openssl rand -hex {Length}");
        }
    }

    /// <summary>The secret's bytes, for the journal.</summary>
    public byte[] ToBytes() => [.. _bytes];

    /// <summary>What draws the rows of one step.</summary>
    /// <param name="step">From 0.</param>
    public SamplingKey SamplingKeyOf(long step) => new(Derive("sampling", step));

    /// <summary>The secret of one fold of a cross-validation, which tells nothing of the others.</summary>
    /// <param name="fold">From 0.</param>
    public PrivacySecret OfFold(int fold) => new(Derive("fold", fold));

    /// <summary>Tells two secrets apart without telling anything of them; hexadecimal.</summary>
    public string Identity => Convert.ToHexStringLower(Derive("identity", 0));

    /// <inheritdoc/>
    public bool Equals(PrivacySecret? other) => other is not null && CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PrivacySecret);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_noise[0], _noise[1]);

    /// <summary>Never the secret: a record that holds one may be written to a log.</summary>
    public override string ToString() => "(secret)";

    /// <summary>Random words for the noise of one step, of a stretch of its stream.</summary>
    internal SecretWords NoiseWords(long step, (long Start, long Length) stretch, Span<ulong> group) =>
        new(_noise, RandomPurpose.PrivacyNoise, step, stretch, group);

    /// <summary>Random words of 32 bits for the noise of one step, from a group of its stream on.</summary>
    internal void FillNoise(Span<uint> words, long step, long group) => SecretNumbers.FillGroups(words, _noise, RandomPurpose.PrivacyNoise, step, group);

    private byte[] Derive(string use, long index)
    {
        byte[] message = new byte[Encoding.ASCII.GetByteCount(use) + sizeof(long)];
        Encoding.ASCII.GetBytes(use, message);
        BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(message.Length - sizeof(long)), index);
        return HMACSHA256.HashData(_bytes, message);
    }
}
