using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Cluster.Ml.Export.Arrays;

/// <summary>Reads the arrays of a .npz file.</summary>
/// <remarks>Source  NumPy Reference, "numpy.lib.format", versions 1.0 to 3.0</remarks>
internal static partial class NpzReader
{
    private const string Ending = ".npy";
    private const int HeaderBytesMax = 1 << 16, EntriesMax = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static IReadOnlyDictionary<string, FloatTensor> Read(string path, Stream file)
    {
        using ZipArchive archive = new(file, ZipArchiveMode.Read);
        if (archive.Entries.Count > EntriesMax) throw TensorFile.Error(path, $"at most {EntriesMax} arrays", $"{archive.Entries.Count}");
        SortedDictionary<string, FloatTensor> tensors = new(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (!entry.FullName.EndsWith(Ending, StringComparison.Ordinal)) continue;
            using Stream array = entry.Open();
            string name = entry.FullName[..^Ending.Length];
            if (ReadArray(path, name, array) is { } tensor) tensors[name] = tensor;
        }
        return tensors;
    }

    private static FloatTensor? ReadArray(string path, string name, Stream array)
    {
        Span<byte> head = stackalloc byte[8];
        if (array.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.StartsWith(Magic) || head[6] is < 1 or > 3)
            throw TensorFile.Error(path, $"an array in '{name}{Ending}'", "something else");
        Span<byte> length = stackalloc byte[head[6] == 1 ? 2 : 4];
        array.ReadExactly(length);
        uint bytes = head[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (bytes > HeaderBytesMax) throw TensorFile.Error(path, $"a header of at most {HeaderBytesMax} bytes in '{name}{Ending}'", $"{bytes}");
        byte[] text = new byte[bytes];
        array.ReadExactly(text);
        Match header = Header().Match(Encoding.UTF8.GetString(text));
        if (!header.Success) throw TensorFile.Error(path, $"a header with type, order and shape in '{name}{Ending}'", "another");
        if (header.Groups["type"].Value is not ("<f4" or "<f8")) return null;
        long[] shape = [.. Size().Matches(header.Groups["shape"].Value).Select(size => NumberText.TryRead(size.Value, out long length) ? length : -1)];
        if (header.Groups["fortran"].Value == "True" && shape.Length > 1)
            throw TensorFile.Error(path, $"numbers by rows in '{name}'", "numbers by columns (fortran_order)");
        bool doubles = header.Groups["type"].Value == "<f8";
        byte[] numbers = new byte[checked(TensorFile.CountOf(path, name, shape) * (long)(doubles ? sizeof(double) : sizeof(float)))];
        int read = array.ReadAtLeast(numbers, numbers.Length, throwOnEndOfStream: false);
        return read == numbers.Length ? FloatTensor.Of(shape, numbers, doubles)
            : throw TensorFile.Error(path, $"{numbers.Length} bytes of numbers in '{name}'", $"{read}");
    }

    [GeneratedRegex(@"^\{\s*'descr':\s*'(?<type>[^']{1,64})',\s*'fortran_order':\s*(?<fortran>True|False),\s*'shape':\s*\((?<shape>[\d, ]{0,256})\),?\s*\}\s*$")]
    private static partial Regex Header();

    [GeneratedRegex(@"\d{1,18}")]
    private static partial Regex Size();
}
