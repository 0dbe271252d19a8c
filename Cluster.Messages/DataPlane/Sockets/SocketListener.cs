using System.Net;
using System.Net.Sockets;
using System.Text;
using Cluster.Messages.Trust;

namespace Cluster.Messages.DataPlane.Sockets;

/// <summary>A thread that takes what connects, and hands it on at once.</summary>
internal sealed class SocketListener : IDisposable
{
    private const int Backlog = 128;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
    private readonly Socket _socket;
    private readonly Action<Socket> _accept;
    private readonly ManualResetEventSlim _closed = new();

    /// <exception cref="IOException">Nobody can listen there.</exception>
    public SocketListener(DataEndPoint at, NodeTrust? trust, Action<Socket> accept)
    {
        _accept = accept;
        EndPoint address = at.IsOfHost ? UnixAddress(at) : LoopbackRule.Resolve(at, trust);
        _socket = SocketDataTransport.NewSocket(at);
        try
        {
            _socket.Bind(address);
            if (at.IsOfHost && !OperatingSystem.IsWindows()) File.SetUnixFileMode(at.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _socket.Listen(Backlog);
        }
        catch (SocketException failure)
        {
            _socket.Dispose();
            throw new IOException($"wanted an address to listen at, got {at}: {failure.Message}", failure);
        }
        EndPoint = at.IsOfHost ? at : at with { Port = ((IPEndPoint)_socket.LocalEndPoint!).Port };
    }

    public DataEndPoint EndPoint { get; }

    public void Start() => new Thread(AcceptAll) { IsBackground = true, Name = $"data plane at {EndPoint}" }.Start();

    public void Dispose()
    {
        _closed.Set();
        _socket.Dispose();
        if (EndPoint.IsOfHost) File.Delete(EndPoint.Path);
    }

    private static UnixDomainSocketEndPoint UnixAddress(DataEndPoint at) => Encoding.UTF8.GetByteCount(at.Path) <= DataEndPoint.PathBytesMax
        ? new UnixDomainSocketEndPoint(at.Path)
        : throw new IOException($"wanted a socket's path of at most {DataEndPoint.PathBytesMax} bytes, got {at.Path}");

    private void AcceptAll()
    {
        while (!_closed.IsSet)
        {
            try
            {
                _accept(_socket.Accept());
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                // A peer that gave up while it waited here is no loss; if there are no more handles, some may come free.
                _closed.Wait(s_pause);
            }
        }
    }
}
