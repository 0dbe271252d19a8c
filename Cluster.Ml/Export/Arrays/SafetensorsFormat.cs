using System.Buffers.Binary;
using System.Text.Json;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Export.Arrays;

/// <summary>Tensors by name, for PyTorch and others.</summary>
/// <remarks>
/// Layout       length of the header (8 bytes) · header (JSON: type, shape and place of each tensor, and texts in __metadata__) · numbers;
///              the header is filled up with spaces to a multiple of 8
/// Determinism  equal models give equal files
/// Source       Hugging Face, "Safetensors", § Format
/// </remarks>
internal sealed class SafetensorsFormat : ExportFormat
{
    private const int Alignment = 8;

    public override string Name => "safetensors";

    public override string Meaning => "tensors by name, for PyTorch and others";

    public override IReadOnlyList<ExportedPart> Write(string path, SavedModel saved, ExportOptions options)
    {
        // Doubles first: each tensor then begins at a multiple of its numbers' size.
        IReadOnlyList<NamedTensor> tensors = [.. ModelTensors.Of(saved).OrderByDescending(tensor => tensor.Numbers)];
        byte[] header = HeaderOf(saved, tensors), length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        AtomicFile.Write(path, file =>
        {
            file.Write(length);
            file.Write(header);
            foreach (NamedTensor tensor in tensors) file.Write(tensor.Bytes);
        });
        return [.. tensors.Select(tensor => new ExportedPart("tensor", tensor.Name, TypeOf(tensor.Numbers), string.Join(" x ", tensor.Shape)))];
    }

    private static byte[] HeaderOf(SavedModel saved, IReadOnlyList<NamedTensor> tensors)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("kind", saved.Spec.Learner.Name);
            json.WriteString("job", saved.Spec.Name);
            json.WriteString("model_sha256", saved.Model.Sha256);
            json.WriteString("feature_names", JsonSerializer.Serialize([.. saved.Preprocessing.FeatureNames], NamesJson.Default.StringArray));
            json.WriteString("classes", JsonSerializer.Serialize([.. saved.Preprocessing.Classes], NamesJson.Default.StringArray));
            json.WriteEndObject();
            long place = 0;
            foreach (NamedTensor tensor in tensors) place = WriteTensor(json, tensor, place);
            json.WriteEndObject();
        }
        while (text.Length % Alignment != 0) text.WriteByte((byte)' ');
        return text.ToArray();
    }

    private static long WriteTensor(Utf8JsonWriter json, NamedTensor tensor, long place)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", TypeOf(tensor.Numbers));
        json.WriteStartArray("shape");
        foreach (int size in tensor.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(place);
        json.WriteNumberValue(place + tensor.Bytes.Length);
        json.WriteEndArray();
        json.WriteEndObject();
        return place + tensor.Bytes.Length;
    }

    private static string TypeOf(NumberKind numbers) => numbers == NumberKind.Float32 ? "F32" : "F64";
}
