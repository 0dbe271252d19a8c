using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Actors;

/// <summary>A connection whose two ends trust each other.</summary>
internal sealed record TrustedConnection(Stream Stream, Introduction Introduction, int PeerUid) : IDisposable
{
    public void Dispose() => Stream.Dispose();
}

/// <summary>Makes connections and takes them: socket options, TLS where it is set, and the handshake, all within one deadline.</summary>
internal sealed class Connector(TcpSettings settings, TimeProvider time)
{
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(30);

    public async Task<TrustedConnection> ConnectAsync(Introduction introduction, CancellationToken cancelled)
    {
        using CancellationTokenSource late = new(settings.HandshakeTimeout, time);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancelled, late.Token);
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Prepare(socket);
            await socket.ConnectAsync(EndPointOf(introduction.To), deadline.Token).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (settings.Tls is { } tls)
            {
                SslStream secured = new(stream, leaveInnerStreamOpen: false);
                stream = secured;
                await secured.AuthenticateAsClientAsync(ClientOptions(tls, introduction.To.Host!), deadline.Token).ConfigureAwait(false);
            }

            int uid = await new Handshake(stream, settings.SharedKey).ConnectAsync(introduction, deadline.Token).ConfigureAwait(false);
            return new TrustedConnection(stream, introduction, uid);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<TrustedConnection> AcceptAsync(Socket socket, UniqueAddress self, CancellationToken cancelled)
    {
        using CancellationTokenSource late = new(settings.HandshakeTimeout, time);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancelled, late.Token);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            Prepare(socket);
            if (settings.Tls is { } tls)
            {
                SslStream secured = new(stream, leaveInnerStreamOpen: false);
                stream = secured;
                await secured.AuthenticateAsServerAsync(ServerOptions(tls), deadline.Token).ConfigureAwait(false);
            }

            Introduction introduction = await new Handshake(stream, settings.SharedKey).AcceptAsync(self, deadline.Token).ConfigureAwait(false);
            return new TrustedConnection(stream, introduction, introduction.From.Uid);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Small frames go at once; a peer that vanished without a word is noticed even where nothing is sent to it.</summary>
    private static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)s_keepAlive.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    private static EndPoint EndPointOf(Address address) => IPAddress.TryParse(address.Host, out IPAddress? ip)
        ? new IPEndPoint(ip, address.Port ?? 0)
        : new DnsEndPoint(address.Host!, address.Port ?? 0, AddressFamily.InterNetwork);

    private static SslClientAuthenticationOptions ClientOptions(TlsSettings tls, string host) => new()
    {
        TargetHost = host,
        ClientCertificateContext = SslStreamCertificateContext.Create(tls.Certificate, additionalCertificates: null, offline: true),
        CertificateChainPolicy = Chain(tls),
    };

    private static SslServerAuthenticationOptions ServerOptions(TlsSettings tls) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(tls.Certificate, additionalCertificates: null, offline: true),
        ClientCertificateRequired = true,
        CertificateChainPolicy = Chain(tls),
    };

    private static X509ChainPolicy Chain(TlsSettings tls)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(tls.Authorities);
        return policy;
    }
}
