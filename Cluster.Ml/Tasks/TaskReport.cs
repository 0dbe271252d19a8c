using System.Text;
using Cluster.Ml.Evaluation;

namespace Cluster.Ml.Tasks;

/// <summary>What a task that trained a model tells of it: the result of folds and trials.</summary>
/// <param name="Figures">How good the model is; none if training failed.</param>
/// <param name="ModelSha256">The model's identity, 64 hexadecimal digits; empty if training failed.</param>
public sealed record TaskReport(Metrics Figures, string ModelSha256)
{
    private const byte Layout = 1;
    private const int FiguresMax = 1024;

    /// <summary>What the task was, as it was specified; empty if its index says all.</summary>
    public string Label { get; init; } = "";

    /// <summary>Why there is no model; empty if there is one.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The report as a task's result: figures bit by bit.</summary>
    public byte[] ToBytes()
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        writer.Write(Layout);
        writer.Write(ModelSha256);
        writer.Write(Reason);
        writer.Write(Figures.Values.Count);
        foreach ((string name, double value) in Figures.Values)
        {
            writer.Write(name);
            writer.Write(BitConverter.DoubleToInt64Bits(value));
        }
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">They are other bytes.</exception>
    public static TaskReport FromBytes(ReadOnlyMemory<byte> result)
    {
        using MemoryStream bytes = new(result.ToArray());
        using BinaryReader reader = new(bytes, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            if (reader.ReadByte() is var layout and not Layout) throw new InvalidDataException($"TaskReport: wanted layout {Layout}, got {layout}.");
            string sha256 = reader.ReadString(), reason = reader.ReadString();
            int count = reader.ReadInt32();
            if (count is < 0 or > FiguresMax) throw new InvalidDataException($"TaskReport: wanted 0 to {FiguresMax} figures, got {count}.");
            List<KeyValuePair<string, double>> figures = [];
            for (int i = 0; i < count; i++) figures.Add(new(reader.ReadString(), BitConverter.Int64BitsToDouble(reader.ReadInt64())));
            if (bytes.Position != bytes.Length) throw new InvalidDataException($"TaskReport: wanted {bytes.Position} bytes, got {bytes.Length}.");
            return new TaskReport(new Metrics(figures), sha256) { Reason = reason };
        }
        catch (Exception broken) when (broken is EndOfStreamException or DecoderFallbackException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"TaskReport: wanted a whole report, got {result.Length} bytes that are none.", broken);
        }
    }
}
