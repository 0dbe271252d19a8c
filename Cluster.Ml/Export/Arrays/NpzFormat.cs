using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Export.Arrays;

/// <summary>Arrays by name for NumPy: a zip archive with one .npy file each.</summary>
/// <remarks>
/// Layout       each entry: "\x93NUMPY", version 1.0, header length (2 bytes), a Python literal of type, order and shape, the numbers; stored,
///              not compressed
/// Determinism  equal models give equal files: entries carry the earliest date of the format
/// Source       NumPy Reference, "numpy.lib.format"
/// </remarks>
internal sealed class NpzFormat : ExportFormat
{
    private const int Alignment = 64;

    public override string Name => "npz";

    public override string Meaning => "arrays by name, for NumPy";

    public override IReadOnlyList<ExportedPart> Write(string path, SavedModel saved, ExportOptions options)
    {
        IReadOnlyList<NamedTensor> tensors = ModelTensors.Of(saved);
        AtomicFile.Write(path, file =>
        {
            using ZipArchive archive = new(file, ZipArchiveMode.Create, leaveOpen: true);
            foreach (NamedTensor tensor in tensors) Write(archive, tensor.Name, TypeOf(tensor.Numbers), tensor.Shape, tensor.Bytes);
            if (saved.Preprocessing.FeatureNames.Count > 0) WriteTexts(archive, "feature_names", saved.Preprocessing.FeatureNames);      // none of words
            if (saved.Preprocessing.Classes.Count > 0) WriteTexts(archive, "classes", saved.Preprocessing.Classes);
        });
        return [.. tensors.Select(tensor => new ExportedPart("tensor", tensor.Name, TypeOf(tensor.Numbers), string.Join(" x ", tensor.Shape)))];
    }

    private static string TypeOf(NumberKind numbers) => numbers == NumberKind.Float32 ? "<f4" : "<f8";

    /// <summary>Texts of one length in UTF-32, the shorter filled up with zeros: NumPy's type U.</summary>
    private static void WriteTexts(ZipArchive archive, string name, IReadOnlyList<string> texts)
    {
        byte[][] encoded = [.. texts.Select(Encoding.UTF32.GetBytes)];
        int width = Math.Max(4, encoded.Max(text => text.Length));
        byte[] all = new byte[texts.Count * width];
        for (int i = 0; i < encoded.Length; i++) encoded[i].CopyTo(all, i * width);
        Write(archive, name, string.Create(CultureInfo.InvariantCulture, $"<U{width / 4}"), [texts.Count], all);
    }

    private static void Write(ZipArchive archive, string name, string type, IReadOnlyList<int> shape, byte[] bytes)
    {
        ZipArchiveEntry entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);      // the same bytes whenever it is written
        using Stream file = entry.Open();
        file.Write(HeadOf(type, shape));
        file.Write(bytes);
    }

    private static byte[] HeadOf(string type, IReadOnlyList<int> shape)
    {
        const int fixedBytes = 10;
        string sizes = string.Concat(shape.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size}, ")));
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({(shape.Count > 1 ? sizes[..^2] : sizes.TrimEnd())}), }}";
        int length = ((fixedBytes + text.Length + 1 + Alignment - 1) / Alignment * Alignment) - fixedBytes;
        byte[] head = new byte[fixedBytes + length];
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];
        magic.CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)length);
        Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n", head.AsSpan(fixedBytes));
        return head;
    }
}
