namespace Cluster.Actors;

/// <summary>What a network has done since it began.</summary>
public sealed class NetworkCounters
{
    private long _sent;
    private long _received;
    private long _dropped;
    private long _malformed;
    private long _refused;

    /// <summary>Messages handed to a connection.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Messages taken from a connection.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Messages that found no room, or no connection.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Frames and messages that were none.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    /// <summary>Connections that came in and did not prove what they had to.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    internal void CountSent() => Interlocked.Increment(ref _sent);

    internal void CountReceived() => Interlocked.Increment(ref _received);

    /// <summary>Counts; says whether it is worth a line: the first time, and each time the number has doubled.</summary>
    internal bool CountDropped() => long.IsPow2(Interlocked.Increment(ref _dropped));

    internal bool CountMalformed() => long.IsPow2(Interlocked.Increment(ref _malformed));

    internal bool CountRefused() => long.IsPow2(Interlocked.Increment(ref _refused));
}
