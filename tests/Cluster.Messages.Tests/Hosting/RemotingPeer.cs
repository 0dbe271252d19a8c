using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.Node;

namespace Cluster.Messages.Tests.Hosting;

/// <summary>Whoever speaks to a node's remoting with bytes of his own.</summary>
internal sealed class RemotingPeer : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly TcpClient _client;
    private Stream _stream;

    public RemotingPeer(NodeAddress node)
    {
        _client = new TcpClient(node.Host, node.Port) { NoDelay = true };
        _stream = _client.GetStream();
        _stream.ReadTimeout = _stream.WriteTimeout = (int)s_deadline.TotalMilliseconds;
    }

    /// <summary>Speaks TLS from now on, and believes whoever answers.</summary>
    /// <param name="shown">What it shows; null for nothing.</param>
    /// <returns>Whether its half of the handshake came to an end.</returns>
    public async Task<bool> TrySecureAsync(X509Certificate2? shown)
    {
#pragma warning disable CA5359 // A stranger trusts whomever it likes.
        SslStream tls = new(_stream, leaveInnerStreamOpen: false, (_, _, _, _) => true, shown is null ? null : (_, _, _, _, _) => shown);
#pragma warning restore CA5359
        _stream = tls;
        return await TryAsync(() => tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ClientCertificates = shown is null ? [] : [shown] }));
    }

    /// <summary>Sends what the node takes; false if it has closed.</summary>
    public Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes) => TryAsync(() => _stream.WriteAsync(bytes).AsTask());

    /// <summary>Reads something; false if the node has closed.</summary>
    public async Task<bool> TryReadAsync()
    {
        int read = 0;
        return await TryAsync(async () => read = await _stream.ReadAsync(new byte[4096])) && read > 0;
    }

    /// <summary>Says nothing more, and waits until the node has closed, whatever it says until then.</summary>
    public async Task ReadToEndAsync()
    {
        await TryAsync(() =>
        {
            _client.Client.Shutdown(SocketShutdown.Send);
            return Task.CompletedTask;
        });
        await ReadUntilClosedAsync();
    }

    /// <summary>Waits until the node has closed, with its own half still open: a node that hears of an end in the middle of a handshake looks at no certificate.</summary>
    public async Task ReadUntilClosedAsync()
    {
        while (await TryReadAsync())
        {
        }
    }

    public void Dispose() => _client.Dispose();

    private static async Task<bool> TryAsync(Func<Task> act)
    {
        try
        {
            await act().WaitAsync(s_deadline);
            return true;
        }
        catch (Exception closed) when (closed is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
    }
}
