using System.Buffers.Binary;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tests.Data;

/// <summary>Small sets of images in the IDX format.</summary>
internal static class SomeIdx
{
    public const string Images = "train-images-idx3-ubyte", Labels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte", TestLabels = "t10k-labels-idx1-ubyte";

    /// <summary>Training images of three classes, and test images where any are wanted.</summary>
    public static void Write(TemporaryFolder folder, int images, int testImages, int height, int width, bool packed)
    {
        WriteFile(folder, Images, packed, [0x803, images, height, width], images * height * width, i => (i * 7) ^ (i / 97));
        WriteFile(folder, Labels, packed, [0x801, images], images, i => i % 3);
        if (testImages == 0) return;
        WriteFile(folder, TestImages, packed, [0x803, testImages, height, width], testImages * height * width, i => i * 11);
        WriteFile(folder, TestLabels, packed, [0x801, testImages], testImages, i => i % 3);
    }

    public static JobSpec Job(string source, string kind, params string[] settings)
    {
        string layers = kind == "mlp" ? ", layers: [{ dense: 4 }]" : "";
        return JobFile.Parse(
            $"data: {{ source: '{source}', format: idx, split: {{ train: 0.8, validation: 0.2 }} }}\nmodel: {{ kind: {kind}{layers} }}", "test.yaml", "/", settings);
    }

    private static void WriteFile(TemporaryFolder folder, string name, bool packed, int[] header, int count, Func<int, int> value)
    {
        var bytes = new byte[(header.Length * sizeof(int)) + count];
        for (int i = 0; i < header.Length; i++) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * sizeof(int)), header[i]);
        for (int i = 0; i < count; i++) bytes[(header.Length * sizeof(int)) + i] = unchecked((byte)value(i));
        folder.Write(packed ? name + ".gz" : name, packed ? TemporaryFolder.Gzip(bytes) : bytes);
    }
}
