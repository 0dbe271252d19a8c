namespace Cluster.Actors.Membership.State;

/// <summary>When each other member was last heard, how regularly before, and who has been silent for too long. Immutable.</summary>
/// <param name="Histories">Since being watched, for those not heard yet.</param>
/// <param name="LastLook">When this node itself last ran; a node that was starved must not blame the others.</param>
internal sealed record HeartbeatTable(ImmutableSortedDictionary<UniqueAddress, ArrivalHistory> Histories, DateTimeOffset? LastLook)
{
    public static HeartbeatTable Empty { get; } = new(ImmutableSortedDictionary<UniqueAddress, ArrivalHistory>.Empty, null);

    /// <summary>The node said something.</summary>
    public HeartbeatTable Heard(UniqueAddress node, DateTimeOffset now) => Change(node, history => history.Heard(now));

    /// <summary>The node's heartbeat came, which it sends at regular intervals.</summary>
    public HeartbeatTable Beat(UniqueAddress node, DateTimeOffset now, FailureDetector detector) => Change(node, history => history.Beat(now, detector));

    /// <summary>Nobody takes connections at the address.</summary>
    public HeartbeatTable Doubt(Address address) =>
        Histories.Keys.Where(node => node.Address == address).Aggregate(this, (table, node) => table.Change(node, history => history.Doubted()));

    /// <summary>The node is known to have stopped: its silence began long ago.</summary>
    public HeartbeatTable Stopped(UniqueAddress node) => Change(node, history => history with { Last = DateTimeOffset.MinValue });

    /// <summary>Follows the member table, and forgives everyone the time in which this node did not run.</summary>
    public HeartbeatTable Look(IEnumerable<UniqueAddress> others, DateTimeOffset now, TimeSpan interval)
    {
        TimeSpan starved = LastLook is { } last && now - last > 3 * interval ? now - last - interval : TimeSpan.Zero;
        ImmutableSortedDictionary<UniqueAddress, ArrivalHistory>.Builder histories = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, ArrivalHistory>();
        foreach (UniqueAddress node in others)
            histories[node] = Histories.TryGetValue(node, out ArrivalHistory? known) ? known.Forgive(starved) : ArrivalHistory.Start(now);
        return new HeartbeatTable(histories.ToImmutable(), now);
    }

    /// <summary>Who has said that it ended, or has been silent for longer than its heartbeats so far make likely.</summary>
    public ImmutableSortedSet<UniqueAddress> Suspected(DateTimeOffset now, FailureDetector detector) =>
        [.. Histories.Where(entry => entry.Value.HasStopped || entry.Value.Silence(now) > detector.Patience(entry.Value)).Select(entry => entry.Key)];

    /// <summary>Who has said that it ended, or has been silent for that long.</summary>
    public ImmutableSortedSet<UniqueAddress> Silent(DateTimeOffset now, TimeSpan silence) =>
        [.. Histories.Where(entry => entry.Value.HasStopped || entry.Value.Silence(now) > silence).Select(entry => entry.Key)];

    private HeartbeatTable Change(UniqueAddress node, Func<ArrivalHistory, ArrivalHistory> change) =>
        Histories.TryGetValue(node, out ArrivalHistory? history) ? this with { Histories = Histories.SetItem(node, change(history)) } : this;
}
