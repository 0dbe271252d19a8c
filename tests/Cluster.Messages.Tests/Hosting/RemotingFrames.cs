using System.Buffers.Binary;
using System.Text;

namespace Cluster.Messages.Tests.Hosting;

/// <summary>What the engine's remoting says on a connection, byte by byte: its length, then a message of Protocol Buffers (Akka.NET, WireFormats.proto).</summary>
internal static class RemotingFrames
{
    private const int LengthBytes = 4, Associates = 1;

    /// <summary>The first frame of a connection: who connects.</summary>
    /// <param name="origin">Where it would be reached.</param>
    /// <param name="life">Its number.</param>
    public static byte[] Introduction(Address origin, ulong life) => Framed(Field(2,
    [
        .. Number(1, Associates),
        .. Field(2,
        [
            .. Field(1, [.. Text(1, origin.System), .. Text(2, origin.Host!), .. Number(3, (ulong)origin.Port!.Value), .. Text(4, "tcp")]),
            .. Fixed(2, life),
        ]),
    ]));

    /// <summary>A message for an actor.</summary>
    /// <param name="recipient">Its path.</param>
    /// <param name="serializer">Whose bytes they are.</param>
    /// <param name="manifest">What they are.</param>
    /// <param name="bytes">The bytes.</param>
    public static byte[] Message(string recipient, int serializer, string manifest, ReadOnlySpan<byte> bytes) => Framed(Field(1, Field(2,
    [
        .. Field(1, Text(1, recipient)),
        .. Field(2, [.. Field(1, bytes), .. Number(2, unchecked((ulong)serializer)), .. Text(3, manifest)]),
        .. Fixed(5, ulong.MaxValue),       // no acknowledgement is wanted
    ])));

    /// <summary>Bytes with their length before them.</summary>
    public static byte[] Framed(ReadOnlySpan<byte> bytes)
    {
        byte[] frame = new byte[LengthBytes + bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, bytes.Length);
        bytes.CopyTo(frame.AsSpan(LengthBytes));
        return frame;
    }

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int field, ReadOnlySpan<byte> bytes) => [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];

    private static byte[] Number(int field, ulong number) => [.. Varint((ulong)field << 3), .. Varint(number)];

    private static byte[] Fixed(int field, ulong number)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return [.. Varint(((ulong)field << 3) | 1), .. bytes];
    }

    private static byte[] Varint(ulong number)
    {
        List<byte> bytes = [];
        for (; number > 0x7F; number >>= 7) bytes.Add((byte)((number & 0x7F) | 0x80));
        bytes.Add((byte)number);
        return [.. bytes];
    }
}
