using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Jobs;
using Cluster.Simulation.Tests.Storage;
using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Training;

/// <summary>The database that the coordinators share: journal, lease, checkpoints, models. It outlives them all, and watches who writes.</summary>
internal sealed class SharedDatabase
{
    private readonly SimulatedWorld _world;
    private readonly MemoryJournal _journal;
    private readonly Dictionary<SimulatedNode, TimeSpan> _cutOffUntil = [];

    public SharedDatabase(SimulatedWorld world, AuthorityBug bug)
    {
        bool checks = bug != AuthorityBug.StoreIgnoresTokens;
        DatabaseClock clock = new(world);
        _world = world;
        _journal = new MemoryJournal { Observer = Writers.OnEvent, RefusesTakenNumbers = checks };
        Checkpoints = new MemoryCheckpointStore { Fate = _ => FaultScript.DrawWrite(world), Observer = Writers.OnWrite, ChecksTokens = checks };
        Models = new MemoryModelStore { Observer = Writers.OnWrite, ChecksTokens = checks };
        Leases = new WatchedLeaseStore(new FaultyLeaseStore(clock, bug), clock, Writers);
    }

    public OneWriter Writers { get; } = new();

    public MemoryCheckpointStore Checkpoints { get; }

    public MemoryModelStore Models { get; }

    public WatchedLeaseStore Leases { get; }

    /// <summary>Keeps what a node asks for from the database for a while; then all of it arrives.</summary>
    public void CutOff(SimulatedNode node, TimeSpan lasts)
    {
        _world.Trace.Write(_world.Elapsed, $"{node.Name}: cut off from the database for {lasts}");
        _cutOffUntil[node] = _world.Elapsed + lasts;
    }

    /// <summary>How long a request of the node is under way because of that.</summary>
    public TimeSpan DelayOf(SimulatedNode node) =>
        _cutOffUntil.TryGetValue(node, out TimeSpan until) && until > _world.Elapsed ? until - _world.Elapsed : TimeSpan.Zero;

    /// <summary>Connects one life of a node to the journal.</summary>
    public void Connect(NodeLife life) => life.Database = new DatabaseConnection(life, _journal, () => DelayOf(life.Node));

    /// <summary>The database's own clock: it never stops.</summary>
    private sealed class DatabaseClock(SimulatedWorld world) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => world.Now;
    }
}
