using System.Buffers.Binary;
using System.Text.Json;

namespace Cluster.Ml.Export.Arrays;

/// <summary>Reads the tensors of a .safetensors file.</summary>
/// <remarks>Source  Hugging Face, "Safetensors", § Format</remarks>
internal static class SafetensorsReader
{
    private const int HeaderBytesMax = 64 << 20;

    public static IReadOnlyDictionary<string, FloatTensor> Read(string path, Stream file)
    {
        byte[] length = new byte[sizeof(long)];
        if (file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
            throw TensorFile.Error(path, "a header", $"a file of {file.Length} bytes");
        long bytes = BinaryPrimitives.ReadInt64LittleEndian(length);
        if (bytes is < 2 or > HeaderBytesMax || bytes > file.Length - length.Length)
            throw TensorFile.Error(path, $"a header of 2 to {Math.Min(HeaderBytesMax, file.Length - length.Length)} bytes", $"{bytes}");
        byte[] text = new byte[bytes];
        file.ReadExactly(text);
        try
        {
            using JsonDocument header = JsonDocument.Parse(text);
            return ReadTensors(path, file, header.RootElement, length.Length + bytes);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw TensorFile.Error(path, "a header of tensors with dtype, shape and data_offsets", "another");
        }
    }

    private static SortedDictionary<string, FloatTensor> ReadTensors(string path, Stream file, JsonElement header, long start)
    {
        SortedDictionary<string, FloatTensor> tensors = new(StringComparer.Ordinal);
        foreach (JsonProperty tensor in header.EnumerateObject())
        {
            if (tensor.NameEquals("__metadata__") || tensor.Value.GetProperty("dtype").GetString() is not ("F32" or "F64")) continue;
            bool doubles = tensor.Value.GetProperty("dtype").ValueEquals("F64");
            long[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            long[] place = [.. tensor.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            long wanted = TensorFile.CountOf(path, tensor.Name, shape) * (long)(doubles ? sizeof(double) : sizeof(float));
            if (place.Length != 2 || place[0] < 0 || place[1] - place[0] != wanted || place[1] > file.Length - start)
                throw TensorFile.Error(path, $"{wanted} bytes of '{tensor.Name}' within the file", string.Join(" to ", place));
            byte[] numbers = new byte[wanted];
            file.Position = start + place[0];
            file.ReadExactly(numbers);
            tensors[tensor.Name] = FloatTensor.Of(shape, numbers, doubles);
        }
        return tensors;
    }
}
