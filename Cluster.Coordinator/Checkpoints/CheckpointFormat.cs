using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Checkpoints;

/// <summary>
/// The bytes of a checkpoint file: magic, version, header length, header (JSON), state, optimizer state, best state (if any), and
/// the SHA-256 of all before it. Numbers are little-endian. A length is believed only when the file has that many bytes.
/// </summary>
internal static class CheckpointFormat
{
    public const int HeaderBytesMax = 64 * 1024;
    private const uint Version = 1;
    private const int ChunkBytes = 1 << 20;
    private const int PrefixBytes = 16;                      // magic 8, version 4, header length 4

    private static readonly JsonSerializerOptions s_json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static ReadOnlySpan<byte> Magic => "CLUSTCKP"u8;

    /// <summary>How many bytes the checkpoint makes.</summary>
    public static long Bytes(Checkpoint checkpoint) => PrefixBytes + EncodeHeader(checkpoint.Header).Length
        + NumberBytes(checkpoint.Header) + SHA256.HashSizeInBytes;

    /// <summary>Writes the checkpoint, whose header already has the state's hash.</summary>
    public static void Write(Stream file, Checkpoint checkpoint)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] header = EncodeHeader(checkpoint.Header);
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        Magic.CopyTo(prefix);
        BinaryPrimitives.WriteUInt32LittleEndian(prefix[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[12..], header.Length);
        Append(prefix);
        Append(header);
        Append(checkpoint.State.Bytes);
        Append(checkpoint.OptimizerState.Bytes);
        if (checkpoint.Best is { } best) Append(best.Bytes);
        file.Write(hash.GetHashAndReset());

        void Append(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            file.Write(bytes);
        }
    }

    /// <summary>Reads a checkpoint and believes nothing of it until the hash agrees.</summary>
    /// <exception cref="InvalidDataException">It is not whole: what was wanted, what came.</exception>
    public static Checkpoint Read(Stream file)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        CheckpointHeader header = ReadHeader(file, hash);
        NumericBuffer state = new(header.Numbers, header.StateLength);
        NumericBuffer optimizerState = new(header.Numbers, header.OptimizerStateLength);
        NumericBuffer? best = header.BestEpoch >= 0 ? new(header.Numbers, header.StateLength) : null;
        Fill(file, hash, state.Bytes);
        Fill(file, hash, optimizerState.Bytes);
        if (best is not null) Fill(file, hash, best.Bytes);
        Span<byte> trailer = stackalloc byte[SHA256.HashSizeInBytes];
        file.ReadExactly(trailer);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(trailer))
            throw new InvalidDataException("wanted bytes that agree with their SHA-256, got others");
        return new Checkpoint(header, state, optimizerState, best);
    }

    private static CheckpointHeader ReadHeader(Stream file, IncrementalHash hash)
    {
        if (file.Length < PrefixBytes + SHA256.HashSizeInBytes)
            throw new InvalidDataException($"wanted at least {PrefixBytes + SHA256.HashSizeInBytes} bytes, got {file.Length}");
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        Fill(file, hash, prefix);
        if (!prefix[..8].SequenceEqual(Magic)) throw new InvalidDataException("wanted a checkpoint's magic number, got another");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
        if (version != Version) throw new InvalidDataException($"wanted version {Version}, got {version}");
        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix[12..]);
        if (length is < 2 or > HeaderBytesMax || length > file.Length - PrefixBytes - SHA256.HashSizeInBytes)
            throw new InvalidDataException($"wanted a header of 2 to {HeaderBytesMax} bytes, got {length}");
        byte[] text = new byte[length];
        Fill(file, hash, text);
        CheckpointHeader header = DecodeHeader(text);
        long wanted = PrefixBytes + length + NumberBytes(header) + SHA256.HashSizeInBytes;
        return file.Length == wanted ? header : throw new InvalidDataException($"wanted {wanted} bytes, got {file.Length}");
    }

    private static CheckpointHeader DecodeHeader(byte[] text)
    {
        try
        {
            CheckpointHeader header = JsonSerializer.Deserialize<CheckpointHeader>(text, s_json)
                ?? throw new InvalidDataException("wanted a header, got null");
            bool sound = header.Numbers is NumberKind.Float32 or NumberKind.Float64
                && header.StateLength is >= 0 and <= NumericBuffer.LengthMax && header.OptimizerStateLength is >= 0 and <= NumericBuffer.LengthMax
                && header.Step >= 0 && header.Epoch >= 0 && header.StepInEpoch >= 0;
            return sound ? header : throw new InvalidDataException("wanted counters and lengths in range, got others");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"wanted a header in JSON, got: {broken.Message}", broken);
        }
    }

    private static void Fill(Stream file, IncrementalHash hash, Span<byte> bytes)
    {
        for (int start = 0; start < bytes.Length; start += ChunkBytes)
        {
            Span<byte> chunk = bytes.Slice(start, Math.Min(ChunkBytes, bytes.Length - start));
            file.ReadExactly(chunk);
            hash.AppendData(chunk);
        }
    }

    private static long NumberBytes(CheckpointHeader header) =>
        (((header.BestEpoch >= 0 ? 2L : 1L) * header.StateLength) + header.OptimizerStateLength) * (header.Numbers == NumberKind.Float32 ? 4 : 8);

    private static byte[] EncodeHeader(CheckpointHeader header) => JsonSerializer.SerializeToUtf8Bytes(header, s_json);
}
