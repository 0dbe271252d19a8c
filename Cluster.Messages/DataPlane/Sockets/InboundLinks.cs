namespace Cluster.Messages.DataPlane.Sockets;

/// <summary>The connections that others have opened: how many are still strangers', and one for each node that is none.</summary>
internal sealed class InboundLinks(int strangersMax)
{
    private readonly Lock _gate = new();
    private readonly HashSet<SocketLink> _all = [];
    private readonly Dictionary<string, SocketLink> _known = [];

    /// <summary>Whether another stranger may come in.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_gate) return _all.Count - _known.Count < strangersMax;
        }
    }

    /// <summary>Counts a stranger in.</summary>
    public void Add(SocketLink link)
    {
        lock (_gate) _all.Add(link);
    }

    /// <summary>A stranger is known now. The connection that it had before is ended, and waited for.</summary>
    public void Replace(string peer, SocketLink link)
    {
        SocketLink? before;
        lock (_gate)
        {
            _known.TryGetValue(peer, out before);
            _known[peer] = link;
        }
        if (before is null) return;
        before.End("the same node connected again");
        before.Over.Wait();
    }

    public void Remove(string? peer, SocketLink link)
    {
        lock (_gate)
        {
            _all.Remove(link);
            if (peer is not null && _known.TryGetValue(peer, out SocketLink? current) && current == link) _known.Remove(peer);
        }
    }

    public SocketLink[] All()
    {
        lock (_gate) return [.. _all];
    }
}
