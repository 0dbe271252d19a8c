using Cluster.Coordinator.Authority;
using Cluster.Simulation.Tests.Storage;

namespace Cluster.Simulation.Tests.Training;

/// <summary>
/// The invariants that all of authority is for, checked at every write. Of each stream: once a node has put its token on record, only it
/// writes, until another puts a greater one on record. Of checkpoints and models: nothing is written under an older token than the newest.
/// </summary>
internal sealed class OneWriter
{
    private readonly Dictionary<string, (long Token, int Life)> _streams = new(StringComparer.Ordinal);
    private long _newest;

    /// <summary>The first thing that was wrong; null for nothing.</summary>
    public string? Violation { get; private set; }

    /// <summary>How often a stream changed hands.</summary>
    public int HandOvers { get; private set; }

    /// <summary>An event was journalled.</summary>
    public void OnEvent(StoredEvent stored)
    {
        (long token, int life) = _streams.GetValueOrDefault(stored.Stream);
        if (stored.Event is AuthorityTaken taken)
        {
            if (taken.Token <= token) Report($"{stored.Stream}: wanted a writer with a token after {token}, got {taken.Token}");
            if (token > 0) HandOvers++;
            _streams[stored.Stream] = (taken.Token, stored.Life);
        }
        else if (token == 0)
            Report($"{stored.Stream}: wanted a token on record before event {stored.Number}, got none");
        else if (stored.Life != life)
            Report($"{stored.Stream}: wanted a write under token {token} by the node that it was granted to, got event {stored.Number} of another");
    }

    /// <summary>A checkpoint or a model was written.</summary>
    public void OnWrite(string place, long token)
    {
        if (token < _newest || token == 0) Report($"{place}: wanted a write under token {_newest} or newer, got one under {token}");
        _newest = Math.Max(_newest, token);
    }

    /// <summary>The lease was granted anew.</summary>
    public void OnGrant(long token) => _newest = Math.Max(_newest, token);

    /// <summary>Keeps the first report.</summary>
    public void Report(string violation) => Violation ??= violation;
}
