using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Benchmarks.Exchange;

/// <summary>
/// The same bytes between two plain sockets of this process, each with a thread of its own that blocks: nothing is framed, read
/// twice or handed on. What is sent is gathered in blocks as large as the nodes', and read into the place where it stays.
/// </summary>
internal sealed class RawPeers : IDisposable
{
    private const int BlockBytes = 256 * 1024, GatherBytes = 64 * 1024;
    private readonly Stream _server;
    private readonly Stream _worker;

    private RawPeers(Stream server, Stream worker) => (_server, _worker) = (server, worker);

    /// <param name="certificates">A folder with node.pem, node.key and ca.pem; null for no TLS.</param>
    public static async Task<RawPeers> ConnectAsync(string? certificates)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        TcpClient client = new() { NoDelay = true };
        Task<TcpClient> accepted = listener.AcceptTcpClientAsync();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        TcpClient server = await accepted;
        server.NoDelay = true;
        if (certificates is null) return new RawPeers(server.GetStream(), client.GetStream());

        X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(Path.Combine(certificates, "node.pem"), Path.Combine(certificates, "node.key"));
        X509ChainPolicy chain = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.ImportFromPemFile(Path.Combine(certificates, "ca.pem"));
        SslStream near = new(server.GetStream()), far = new(client.GetStream());
        await Task.WhenAll(
            near.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }),
            far.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = chain }));
        return new RawPeers(near, far);
    }

    /// <summary>Two plain Unix sockets.</summary>
    public static RawPeers ConnectUnix()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cluster-raw-");
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        UnixDomainSocketEndPoint at = new(Path.Combine(folder.FullName, "raw"));
        listener.Bind(at);
        listener.Listen();
        Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(at);
        Socket server = listener.Accept();
        folder.Delete(recursive: true);
        return new RawPeers(new NetworkStream(server, ownsSocket: true), new NetworkStream(client, ownsSocket: true));
    }

    /// <summary>Seconds of each repeat.</summary>
    public IReadOnlyList<double> Measure(Trial trial)
    {
        Thread worker = new(() => Work(trial)) { IsBackground = true, Name = "raw peer" };
        worker.Start();
        double[] seconds = new double[trial.Repeats];
        byte[] sent = new byte[Math.Max(trial.Bytes, GatherBytes)], got = new byte[Math.Max(trial.Bytes, Trial.SmallBytes)];
        for (int i = 0; i < seconds.Length; i++)
        {
            long begun = Stopwatch.GetTimestamp();
            if (trial.Bytes > 0) Send(_server, sent.AsSpan(0, trial.Bytes));
            else SendSmall(_server, sent, trial.Messages);
            _server.ReadExactly(got, 0, trial.Kind == TrialKind.Exchange ? trial.Bytes : Trial.SmallBytes);
            seconds[i] = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }
        worker.Join();
        return seconds;
    }

    public void Dispose()
    {
        _server.Dispose();
        _worker.Dispose();
    }

    private void Work(Trial trial)
    {
        byte[] got = new byte[Math.Max(trial.Bytes, GatherBytes)], sent = new byte[Math.Max(trial.Bytes, Trial.SmallBytes)];
        for (int i = 0; i < trial.Repeats; i++)
        {
            if (trial.Bytes > 0) _worker.ReadExactly(got, 0, trial.Bytes);
            else for (long left = (long)trial.Messages * Trial.SmallBytes; left > 0;) left -= _worker.Read(got, 0, (int)Math.Min(left, got.Length));
            Send(_worker, sent.AsSpan(0, trial.Kind == TrialKind.Exchange ? trial.Bytes : Trial.SmallBytes));
        }
    }

    private static void Send(Stream stream, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length > BlockBytes; bytes = bytes[BlockBytes..]) stream.Write(bytes[..BlockBytes]);
        stream.Write(bytes);
    }

    /// <summary>Gathered, as the nodes do it: a write for each would be as many calls of the system.</summary>
    private static void SendSmall(Stream stream, byte[] gathered, int messages)
    {
        int filled = 0;
        for (int i = 0; i < messages; i++)
        {
            if (filled + Trial.SmallBytes > gathered.Length)
            {
                stream.Write(gathered, 0, filled);
                filled = 0;
            }
            gathered.AsSpan(filled, Trial.SmallBytes).Fill((byte)(i & 0xFF));
            filled += Trial.SmallBytes;
        }
        stream.Write(gathered, 0, filled);
    }
}
