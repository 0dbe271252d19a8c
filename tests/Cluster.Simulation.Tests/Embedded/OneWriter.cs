using Cluster.Actors.Persistence.Storage;

namespace Cluster.Simulation.Tests.Embedded;

/// <summary>
/// The invariant that all of authority is for, checked at every access: once a writer has read or written anything, nothing is
/// written under an older token.
/// </summary>
internal sealed class OneWriter
{
    private long _newest;

    /// <summary>The first thing that was wrong; null for nothing.</summary>
    public string? Violation { get; private set; }

    /// <summary>The journal let an access through.</summary>
    public void OnAccess(StoreAccess access)
    {
        if (access.Writes) OnWrite(access.PersistenceId, access.Token);
        else _newest = Math.Max(_newest, access.Token);
    }

    /// <summary>Something was written.</summary>
    public void OnWrite(string place, long token)
    {
        if (token < _newest || token == 0) Report($"{place}: wanted a write under token {_newest} or newer, got one under {token}");
        _newest = Math.Max(_newest, token);
    }

    /// <summary>Keeps the first report.</summary>
    public void Report(string violation) => Violation ??= violation;
}
