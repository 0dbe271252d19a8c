using System.Buffers.Binary;
using System.Text;

namespace Cluster.Messages.DataPlane.Sockets;

/// <summary>What both sides say first, the side that connected before the other: who they are.</summary>
/// <remarks>Layout  0 "CLDATA1\n" · 8 bytes of the name (2) · 10 bytes of the host (2) · 12 name · then host, both UTF-8</remarks>
internal static class Introduction
{
    private const int HeadBytes = 12;

    public static void Write(SocketChannel channel, DataPeer self)
    {
        byte[] name = Encoding.UTF8.GetBytes(self.Name), host = Encoding.UTF8.GetBytes(self.Host);
        if (FindError(name.Length, host.Length) is { } failure) throw new BrokenFrameException(failure);
        byte[] bytes = [.. "CLDATA1\n"u8, 0, 0, 0, 0, .. name, .. host];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), (ushort)host.Length);
        channel.Write(bytes);
    }

    /// <exception cref="BrokenFrameException">It is no introduction.</exception>
    public static DataPeer Read(SocketChannel channel)
    {
        byte[] head = new byte[HeadBytes];
        channel.ReadExactly(head);
        if (!head.AsSpan(0, 8).SequenceEqual("CLDATA1\n"u8)) throw new BrokenFrameException("wanted a node's introduction, got other bytes");
        int name = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(8)), host = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(10));
        if (FindError(name, host) is { } failure) throw new BrokenFrameException(failure);
        byte[] rest = new byte[name + host];
        channel.ReadExactly(rest);
        return new DataPeer(Encoding.UTF8.GetString(rest, 0, name), Encoding.UTF8.GetString(rest, name, host));
    }

    private static string? FindError(int name, int host) => name is >= 1 and <= DataPlaneLimits.NameBytesMax && host is >= 1 and <= DataPlaneLimits.HostBytesMax
        ? null
        : $"wanted a name of 1 to {DataPlaneLimits.NameBytesMax} bytes and a host of 1 to {DataPlaneLimits.HostBytesMax}, got {name} and {host}";
}
