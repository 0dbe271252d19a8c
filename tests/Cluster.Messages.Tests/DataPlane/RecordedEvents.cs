using System.Collections.Concurrent;
using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

/// <summary>Keeps what a data plane tells, for a test that waits for it.</summary>
internal sealed class RecordedEvents : IDataEvents
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly BlockingCollection<(DataPeer From, VectorKey Key)> _whole = [];
    private readonly BlockingCollection<(string Peer, bool IsOutgoing, string Reason)> _ended = [];
    private int _frames;

    public int Frames => Volatile.Read(ref _frames);

    public int WholeCount => _whole.Count;

    public void OnReceived(DataPeer from, VectorKey key, int offset, int length, bool isWhole)
    {
        Interlocked.Increment(ref _frames);
        if (isWhole) _whole.Add((from, key));
    }

    public void OnEnded(string peer, bool isOutgoing, string reason) => _ended.Add((peer, isOutgoing, reason));

    /// <summary>The next vector that is whole.</summary>
    public VectorKey NextWhole() => _whole.TryTake(out (DataPeer From, VectorKey Key) next, s_deadline) ? next.Key : throw new TimeoutException("wanted a whole vector, got none");

    /// <summary>The next end of a connection.</summary>
    public (string Peer, bool IsOutgoing, string Reason) NextEnd() =>
        _ended.TryTake(out (string Peer, bool IsOutgoing, string Reason) next, s_deadline) ? next : throw new TimeoutException("wanted a connection to end, got none");
}
