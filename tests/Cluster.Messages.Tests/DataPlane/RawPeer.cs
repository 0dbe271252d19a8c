using System.Net;
using System.Net.Sockets;
using System.Text;
using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

/// <summary>Whoever speaks to a data plane with bytes of his own.</summary>
internal sealed class RawPeer : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly Socket _socket;

    public RawPeer(DataEndPoint at)
    {
        _socket = at.IsOfHost ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _socket.SendTimeout = _socket.ReceiveTimeout = (int)s_deadline.TotalMilliseconds;
        _socket.Connect(at.IsOfHost ? new UnixDomainSocketEndPoint(at.Path) : new IPEndPoint(IPAddress.Loopback, at.Port));
    }

    public static byte[] Introduction(string name, string host = "127.0.0.1") =>
        [.. "CLDATA1\n"u8, (byte)name.Length, 0, (byte)host.Length, 0, .. Encoding.UTF8.GetBytes(name), .. Encoding.UTF8.GetBytes(host)];

    public static byte[] Frame(FrameHeader header, ReadOnlySpan<byte> numbers)
    {
        byte[] bytes = new byte[FrameHeader.Bytes + numbers.Length];
        header.Write(bytes);
        numbers.CopyTo(bytes.AsSpan(FrameHeader.Bytes));
        return bytes;
    }

    /// <summary>Sends what the other side takes; false if it has closed.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0) bytes = bytes[_socket.Send(bytes)..];
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Says nothing more.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Whatever comes until the other side closes, which it must.</summary>
    public byte[] ReadToEnd()
    {
        List<byte> all = [];
        byte[] some = new byte[4096];
        try
        {
            while (_socket.Receive(some) is not 0 and var read) all.AddRange(some[..read]);
        }
        catch (SocketException)
        {
            // Closed with bytes of ours unread.
        }
        return [.. all];
    }

    public void Dispose() => _socket.Dispose();
}
