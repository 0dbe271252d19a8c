using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Trust;

namespace Cluster.Benchmarks.Exchange;

/// <summary>
/// Two nodes' data planes in this process, over loopback sockets or a Unix socket. Both open the place for the next vector before they answer
/// the last one, as a worker does that knows how long a state is; an answer of a few bytes says that a vector has come.
/// </summary>
internal sealed class DataPlanePeers : IAsyncDisposable
{
    private const int AnswerBytes = Trial.SmallBytes;
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);
    private readonly Side _server;
    private readonly Side _worker;
    private readonly DirectoryInfo? _folder;
    private int _round;

    private DataPlanePeers(NodeTrust? trust, bool unix)
    {
        _folder = unix ? Directory.CreateTempSubdirectory("cluster-data-") : null;
        (_server, _worker) = (new Side("server", trust), new Side("worker", trust));
        _server.At = _server.Node.Listen(_folder is null ? DataEndPoint.Tcp("127.0.0.1", 0) : DataEndPoint.Unix(Path.Combine(_folder.FullName, "server")));
        _worker.At = _worker.Node.Listen(_folder is null ? DataEndPoint.Tcp("127.0.0.1", 0) : DataEndPoint.Unix(Path.Combine(_folder.FullName, "worker")));
    }

    /// <param name="certificates">A folder with node.pem, node.key and ca.pem; null for no TLS.</param>
    /// <param name="unix">Whether over a Unix socket.</param>
    public static DataPlanePeers Start(string? certificates, bool unix) => new(certificates is null ? null : NodeTrust.OfAuthorities(
        X509Certificate2.CreateFromPemFile(Path.Combine(certificates, "node.pem"), Path.Combine(certificates, "node.key")),
        Authorities(certificates)), unix);

    /// <summary>Seconds of each repeat.</summary>
    public IReadOnlyList<double> Measure(Trial trial)
    {
        int back = trial.Kind == TrialKind.Exchange ? trial.Bytes : AnswerBytes;
        (byte[] sent, byte[] got, byte[] answer, byte[] answered) = (new byte[trial.Bytes], new byte[trial.Bytes], new byte[back], new byte[back]);
        double[] seconds = new double[trial.Repeats];
        using SemaphoreSlim come = new(0);
        int first = _round, last = _round + trial.Repeats;
        _worker.Whole = round =>
        {
            if (round + 1 < last) _worker.Expect(_server, round + 1, got);
            _worker.Send(_server, round, answer);
        };
        _server.Whole = _ => come.Release();
        _worker.Expect(_server, first, got);
        for (; _round < last; _round++)
        {
            _server.Expect(_worker, _round, answered);
            long begun = Stopwatch.GetTimestamp();
            _server.Send(_worker, _round, sent, mayWait: true);
            if (!come.Wait(s_deadline)) throw new TimeoutException($"wanted an answer within {s_deadline}, got none");
            seconds[_round - first] = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }
        return seconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.Node.DisposeAsync();
        await _worker.Node.DisposeAsync();
        _folder?.Delete(recursive: true);
    }

    private static X509Certificate2Collection Authorities(string certificates)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(Path.Combine(certificates, "ca.pem"));
        return authorities;
    }

    private sealed class Side : IDataEvents
    {
        public Side(string name, NodeTrust? trust) => Node = DataPlaneNode.OverSockets(Peer = new DataPeer(name, "127.0.0.1"), trust, this);

        public DataPlaneNode Node { get; }

        public DataPeer Peer { get; }

        public DataEndPoint At { get; set; }

        public Action<int> Whole { get; set; } = _ => { };

        public void Expect(Side from, int round, byte[] place) => Node.Expect(from.Peer, new VectorKey(1, 1, round), place);

        public void Send(Side to, int round, byte[] vector, bool mayWait = false) => _ = Node.SendAsync(to.At, to.Peer, new VectorKey(1, 1, round), vector, 0, vector.Length, mayWait);

        public void OnReceived(DataPeer from, VectorKey key, int offset, int length, bool isWhole)
        {
            if (isWhole) Whole((int)key.Round);
        }

        public void OnEnded(string peer, bool isOutgoing, string reason)
        {
        }
    }
}
