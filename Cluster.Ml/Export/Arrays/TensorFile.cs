using System.Buffers.Binary;
using Cluster.Ml.Data;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Export.Arrays;

/// <summary>Reads tensors by name, of files that NumPy, PyTorch or <see cref="ExportFormat"/> wrote.</summary>
/// <remarks>Range  single and double precision, at most <see cref="NumericBuffer.LengthMax"/> numbers a tensor; doubles are rounded to floats</remarks>
internal static class TensorFile
{
    private const string Npz = ".npz", Safetensors = ".safetensors";

    /// <summary>Whether a file is one of tensors, by its name.</summary>
    public static bool IsNamed(string path) => Is(path, Npz) || Is(path, Safetensors);

    /// <summary>All tensors of numbers; others, such as texts, are left out.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or does not hold what its name says.</exception>
    public static IReadOnlyDictionary<string, FloatTensor> Read(string path)
    {
        try
        {
            using FileStream file = RegularFile.Open(path);
            return Is(path, Npz) ? NpzReader.Read(path, file) : SafetensorsReader.Read(path, file);
        }
        catch (OutsideRootsException outside)
        {
            throw outside.Error;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            string got = error is FileNotFoundException or DirectoryNotFoundException ? "no such file"
                : error is NotRegularFileException other ? NotRegularFileException.NameOf(other.Kind) : error.Message.TrimEnd('.');
            throw new BadInputException(path, null, null, "a file of tensors that can be read", got, "name another in model.start-from", error);
        }
    }

    internal static BadInputException Error(string path, string wanted, string got) => new(path, null, null, wanted, got, "write the file again");

    /// <summary>How many numbers a shape has.</summary>
    internal static int CountOf(string path, string name, IReadOnlyList<long> shape)
    {
        Int128 count = 1;
        foreach (long size in shape)
        {
            if (size < 0) throw Error(path, $"sizes of at least 0 in '{VisibleText.InLine(name)}'", $"{size}");
            count = Int128.Min(count * size, long.MaxValue);
        }
        return count <= NumericBuffer.LengthMax ? (int)count : throw Error(path, $"at most {NumericBuffer.LengthMax} numbers in '{VisibleText.InLine(name)}'", $"{count}");
    }

    private static bool Is(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A tensor that was read.</summary>
/// <param name="Shape">Sizes of the axes, the last innermost.</param>
/// <param name="Values">The numbers.</param>
internal sealed record FloatTensor(IReadOnlyList<long> Shape, float[] Values)
{
    /// <summary>From bytes of single or double precision.</summary>
    public static FloatTensor Of(IReadOnlyList<long> shape, ReadOnlySpan<byte> bytes, bool doubles)
    {
        int size = doubles ? sizeof(double) : sizeof(float);
        float[] values = new float[bytes.Length / size];
        for (int i = 0; i < values.Length; i++)
            values[i] = doubles
                ? (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * size)..])
                : BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * size)..]);
        return new FloatTensor(shape, values);
    }
}
