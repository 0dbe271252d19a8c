using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Cluster.Messages.DataPlane.Sockets;

/// <summary>
/// Bytes over one socket, by threads that block: one that reads, one that writes. A blocking call wakes its thread by the system alone,
/// while an asynchronous one goes through two more threads, which costs up to as much as the transfer of a megabyte.
/// </summary>
internal sealed class SocketChannel(Socket socket) : IDisposable
{
    private SslStream? _tls;

    /// <summary>Whether a few bytes are taken without a wait.</summary>
    public bool IsWritable => socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite);

    /// <summary>For the handshake.</summary>
    public NetworkStream Raw() => new(socket, ownsSocket: false);

    /// <summary>All bytes go through this from here on.</summary>
    public void Secure(SslStream tls) => _tls = tls;

    /// <exception cref="EndOfStreamException">The other side has closed.</exception>
    /// <exception cref="IOException">The connection has failed.</exception>
    public void ReadExactly(Memory<byte> to)
    {
        while (to.Length > 0)
        {
            int read = _tls is null ? Receive(to.Span) : Decrypt(_tls, to);
            if (read == 0) throw new EndOfStreamException("the other side closed the connection");
            to = to[read..];
        }
    }

    /// <exception cref="IOException">The connection has failed.</exception>
    public void Write(ReadOnlyMemory<byte> bytes)
    {
        if (_tls is null) Send(bytes.Span);
        // By an array it needs no copy.
        else if (MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> array)) _tls.Write(array.Array!, array.Offset, array.Count);
        else _tls.Write(bytes.Span);
    }

    /// <summary>A header and its numbers, gathered by the system if it can.</summary>
    /// <exception cref="IOException">The connection has failed.</exception>
    public void Write(ArraySegment<byte> header, ReadOnlyMemory<byte> numbers)
    {
        int sent = 0;
        if (_tls is null && MemoryMarshal.TryGetArray(numbers, out ArraySegment<byte> array)) sent = Gather(header, array);
        if (sent < header.Count)
        {
            Write(header[sent..]);
            sent = header.Count;
        }
        if (sent - header.Count < numbers.Length) Write(numbers[(sent - header.Count)..]);
    }

    /// <summary>Ends both directions, and wakes the threads that wait in them. The socket itself lives until <see cref="Dispose"/>.</summary>
    public void Shut()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // It was not connected yet, or not any more: only closing it wakes who connects.
            socket.Dispose();
        }
    }

    public void Dispose()
    {
        _tls?.Dispose();
        socket.Dispose();
    }

    private static int Decrypt(SslStream tls, Memory<byte> to) => MemoryMarshal.TryGetArray(to, out ArraySegment<byte> array)
        ? tls.Read(array.Array!, array.Offset, array.Count)
        : tls.Read(to.Span);

    private int Receive(Span<byte> to)
    {
        try
        {
            return socket.Receive(to);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0) bytes = bytes[socket.Send(bytes)..];
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    private int Gather(ArraySegment<byte> header, ArraySegment<byte> numbers)
    {
        try
        {
            return socket.Send([header, numbers]);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            throw new IOException(failure.Message, failure);
        }
    }
}
