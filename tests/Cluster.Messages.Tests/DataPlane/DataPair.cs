using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Tests.Trust;
using Cluster.Messages.Trust;

namespace Cluster.Messages.Tests.DataPlane;

/// <summary>Two nodes with a data plane each, over real sockets: TCP, a Unix socket, or TLS by certificates or a key.</summary>
internal sealed class DataPair : IAsyncDisposable
{
    public static readonly DataPeer Sender = new("sender#1", "127.0.0.1"), Receiver = new("receiver#1", "127.0.0.1");
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo? _folder;

    public DataPair(string kind, DataPlaneOptions? options = null, TimeProvider? time = null)
    {
        (From, To) = (DataPlaneNode.OverSockets(Sender, TrustOf(kind), Heard, options, time), DataPlaneNode.OverSockets(Receiver, TrustOf(kind), Got, options, time));
        if (kind == "unix") _folder = Directory.CreateTempSubdirectory("cluster-data-");
        At = To.Listen(_folder is null ? DataEndPoint.Tcp("127.0.0.1", 0) : DataEndPoint.Unix(Path.Combine(_folder.FullName, "data")));
    }

    public static X509Certificate2 Authority { get; } = Certificates.Authority();

    public static byte[] Key { get; } = RandomNumberGenerator.GetBytes(32);

    public DataPlaneNode From { get; }

    public DataPlaneNode To { get; }

    public DataEndPoint At { get; }

    /// <summary>What the receiver hears.</summary>
    public RecordedEvents Got { get; } = new();

    /// <summary>What the sender hears.</summary>
    public RecordedEvents Heard { get; } = new();

    public static NodeTrust? TrustOf(string kind) => kind switch
    {
        "tls" => Certificates.Trusting(Authority),
        "key" => NodeTrust.OfSharedKey(Key),
        _ => null,
    };

    public Task Send(VectorKey key, byte[] vector) => Send(key, vector, 0, vector.Length);

    public Task Send(VectorKey key, byte[] vector, int offset, int length) => From.SendAsync(At, Receiver, key, vector, offset, length).WaitAsync(s_deadline);

    public async ValueTask DisposeAsync()
    {
        await From.DisposeAsync();
        await To.DisposeAsync();
        _folder?.Delete(recursive: true);
    }
}
