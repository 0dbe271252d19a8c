using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Export;

/// <summary>A trained model on disk.</summary>
/// <remarks>
/// Layout    "CLUSTERM" · version (4 bytes) · length of the header (4) · header (JSON, UTF-8) · state · SHA-256 of all before (32);
///           integers and numbers little-endian
/// Range     header at most 64 MiB; state at most <see cref="NumericBuffer.LengthMax"/> numbers; nothing after the checksum
/// Determinism  equal models give equal files
/// </remarks>
public static class ModelFile
{
    /// <summary>The version that is written, and the newest that can be read.</summary>
    public const int Version = 1;

    private const int HeadBytes = 16;
    private const int HeaderBytesMax = 64 << 20;
    private const int ChecksumBytes = 32;

    private static ReadOnlySpan<byte> Magic => "CLUSTERM"u8;

    /// <summary>Writes a model; the path always holds a whole file, the old or the new one.</summary>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public static void Write(string path, SavedModel saved)
    {
        byte[] header = JsonSerializer.SerializeToUtf8Bytes(HeaderOf(saved), ModelHeaderJson.Default.ModelHeader);
        if (header.Length > HeaderBytesMax)
            throw new ArgumentException($"ModelFile: wanted a header of at most {HeaderBytesMax} bytes, got {header.Length}.", nameof(saved));
        byte[] head = new byte[HeadBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), header.Length);
        using IncrementalHash checksum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        checksum.AppendData(head);
        checksum.AppendData(header);
        checksum.AppendData(saved.Model.State.Bytes);
        byte[] trailer = checksum.GetHashAndReset();
        AtomicFile.Write(path, file =>
        {
            file.Write(head);
            file.Write(header);
            file.Write(saved.Model.State.Bytes);
            file.Write(trailer);
        });
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="BadInputException">The file is absent, foreign, newer, cut short, too long or damaged.</exception>
    public static SavedModel Read(string path)
    {
        try
        {
            using FileStream file = RegularFile.Open(path);
            return Read(path, file);
        }
        catch (OutsideRootsException outside)
        {
            throw outside.Error;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string got = error is FileNotFoundException or DirectoryNotFoundException ? "no such file"
                : error is NotRegularFileException other ? NotRegularFileException.NameOf(other.Kind)
                : Directory.Exists(path) ? "a folder" : error.Message.TrimEnd('.');
            throw new BadInputException(path, null, null, "a model file that can be read", got, "give the path that training printed", error);
        }
    }

    private static SavedModel Read(string path, FileStream file)
    {
        using IncrementalHash checksum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] head = new byte[HeadBytes];
        int read = file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        if (read < Magic.Length || !head.AsSpan(0, Magic.Length).SequenceEqual(Magic))
            throw Error(path, "a model file, which begins with CLUSTERM", $"another kind of file ({file.Length} bytes)", "give the path that training printed");
        if (read < HeadBytes) throw CutShort(path, HeadBytes, file.Length);
        int version = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(8)), headerBytes = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12));
        if (version != Version)
            throw Error(path, $"a model file of version {Version}", $"version {version}", version > Version ? "use the newer program that wrote it" : "copy it again");
        if (headerBytes is < 2 or > HeaderBytesMax)
            throw Error(path, $"a header of 2 to {HeaderBytesMax} bytes", $"{headerBytes}", "the file is damaged: copy it again");
        if (file.Length < HeadBytes + (long)headerBytes + ChecksumBytes) throw CutShort(path, HeadBytes + (long)headerBytes + ChecksumBytes, file.Length);
        byte[] json = new byte[headerBytes];
        file.ReadExactly(json);
        ModelHeader header = ParseHeader(path, json);
        NumericBuffer state = ReadState(path, file, header);
        byte[] trailer = new byte[ChecksumBytes];
        file.ReadExactly(trailer);
        checksum.AppendData(head);
        checksum.AppendData(json);
        checksum.AppendData(state.Bytes);
        if (!checksum.GetHashAndReset().AsSpan().SequenceEqual(trailer))
            throw Error(path, "the checksum that its end holds", "another one", "the file is damaged: copy it again or train again");
        return Rebuild(path, header, state);
    }

    private static ModelHeader ParseHeader(string path, byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ModelHeaderJson.Default.ModelHeader) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw Error(path, "a header that can be read", "damaged JSON", "copy the file again or train again");
        }
    }

    private static NumericBuffer ReadState(string path, FileStream file, ModelHeader header)
    {
        if (header.StateKind is not (NumberKind.Float32 or NumberKind.Float64) || header.StateLength is < 0 or > NumericBuffer.LengthMax)
            throw Error(path, "a state of Float32 or Float64 numbers", $"{header.StateKind}[{header.StateLength}]", "the file is damaged: copy it again");
        long stateBytes = header.StateLength * (header.StateKind == NumberKind.Float32 ? 4L : 8L);
        long wanted = file.Position + stateBytes + ChecksumBytes;
        if (file.Length < wanted) throw CutShort(path, wanted, file.Length);
        if (file.Length > wanted) throw Error(path, $"{wanted} bytes", $"{file.Length}", "something was appended: copy the file again");
        NumericBuffer state = new(header.StateKind, header.StateLength);
        file.ReadExactly(state.Bytes);
        return state;
    }

    private static SavedModel Rebuild(string path, ModelHeader header, NumericBuffer state)
    {
        Metrics? training = header.Training.ToMetrics(), validation = header.Validation.ToMetrics(), test = header.Test.ToMetrics();
        TrainedModel? model = training is null || validation is null || test is null ? null : new TrainedModel(
            state, header.Status, header.Steps, header.Epochs, training, validation, test, header.Epsilon, header.Delta);
        if (model is null || model.Sha256 != header.StateSha256)
            throw Error(path, $"figures that fit and the state {header.StateSha256}", model is null ? "figures that do not" : model.Sha256, "train again");
        try
        {
            JobSpec spec = JobFile.Parse(header.Job, path, header.BaseDirectory);
            return new SavedModel(spec, header.Shape, Preprocessing.FromJson(header.Preprocessing), model);
        }
        catch (JsonException error)
        {
            throw Error(path, "preprocessing that fits the model", error.Message.TrimEnd('.'), "train again");
        }
    }

    private static ModelHeader HeaderOf(SavedModel saved)
    {
        TrainedModel model = saved.Model;
        return new ModelHeader(
            saved.Spec.Text, saved.Spec.BaseDirectory, saved.Shape, saved.Preprocessing.ToJson(), model.State.Kind, model.State.Length, model.Sha256,
            model.Status, model.Steps, model.Epochs,
            ModelFigures.Of(model.Training), ModelFigures.Of(model.Validation), ModelFigures.Of(model.Test), model.Epsilon, model.Delta);
    }

    private static BadInputException CutShort(string path, long wanted, long got) =>
        Error(path, $"at least {wanted} bytes", $"{got}", "the file was cut short: copy it again or train again");

    private static BadInputException Error(string path, string wanted, string got, string advice) =>
        new(path, null, null, wanted, got, advice);
}
