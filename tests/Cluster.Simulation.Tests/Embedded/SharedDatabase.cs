using Cluster.Actors.Persistence.Storage;
using Cluster.Actors.Simulation;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Jobs;

namespace Cluster.Simulation.Tests.Embedded;

/// <summary>The database that the coordinators share: journal, lease, checkpoints, models. It outlives them all, and watches who writes.</summary>
internal sealed class SharedDatabase
{
    private readonly SimulatedCluster _cluster;
    private readonly MemoryPersistence _journal;
    private readonly Dictionary<SimulatedNode, TimeSpan> _cutOffUntil = [];

    public SharedDatabase(SimulatedCluster cluster, AuthorityBug bug)
    {
        bool checks = bug != AuthorityBug.StoreIgnoresTokens;
        _cluster = cluster;
        _journal = new MemoryPersistence { Observer = Writers.OnAccess, ChecksTokens = checks };
        Checkpoints = new MemoryCheckpointStore { Fate = _ => FaultScript.DrawWrite(cluster), Observer = Writers.OnWrite, ChecksTokens = checks };
        Models = new MemoryModelStore { Observer = Writers.OnWrite, ChecksTokens = checks };
        Leases = new WatchedLeaseStore(new FaultyLeaseStore(new SimulatedClock(cluster), bug), new SimulatedClock(cluster), Writers);
    }

    public OneWriter Writers { get; } = new();

    public MemoryCheckpointStore Checkpoints { get; }

    public MemoryModelStore Models { get; }

    public WatchedLeaseStore Leases { get; }

    /// <summary>Keeps what a node asks for from the database for a while; then all of it arrives.</summary>
    public void CutOff(SimulatedNode node, TimeSpan lasts) => _cutOffUntil[node] = _cluster.Elapsed + lasts;

    /// <summary>How long a request of the node is under way because of that.</summary>
    public TimeSpan DelayOf(SimulatedNode node) =>
        _cutOffUntil.TryGetValue(node, out TimeSpan until) && until > _cluster.Elapsed ? until - _cluster.Elapsed : TimeSpan.Zero;

    /// <summary>Connects one life of a node to the journal.</summary>
    public PersistenceSetup Connect(SimulatedNode node) => new(_journal.Open(
        node.TimeProvider,
        () => DelayOf(node) + _cluster.Chance.Next(TimeSpan.FromMilliseconds(0.2), TimeSpan.FromMilliseconds(4)),
        () => _cluster.Chance.Chance(0.5)));

    /// <summary>The database's own clock: it never stops.</summary>
    private sealed class SimulatedClock(SimulatedCluster cluster) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => cluster.Now;
    }
}
