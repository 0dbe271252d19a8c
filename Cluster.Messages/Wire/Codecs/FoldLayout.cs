using System.Text;

namespace Cluster.Messages.Wire.Codecs;

/// <summary>The result of a fold that an earlier version journalled figure by figure, in the layout in which tasks report figures now.</summary>
internal static class FoldLayout
{
    private const byte Layout = 1;

    public static TaskBytes Write(ImmutableArray<string> names, ReadOnlySpan<double> values, string modelSha256)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        writer.Write(Layout);
        writer.Write(modelSha256);
        writer.Write("");       // no reason why there is no model
        writer.Write(names.Length);
        for (int i = 0; i < names.Length; i++)
        {
            writer.Write(names[i]);
            writer.Write(BitConverter.DoubleToInt64Bits(values[i]));
        }
        writer.Flush();
        return new TaskBytes(bytes.ToArray());
    }
}
