namespace Cluster.Actors.Membership.State;

/// <summary>When each other member was last heard, and who has been silent for too long. Immutable.</summary>
/// <param name="LastHeard">Since being watched, for those not heard yet.</param>
/// <param name="LastLook">When this node itself last ran; a node that was starved must not blame the others.</param>
internal sealed record HeartbeatTable(ImmutableSortedDictionary<UniqueAddress, DateTimeOffset> LastHeard, DateTimeOffset? LastLook)
{
    public static HeartbeatTable Empty { get; } = new(ImmutableSortedDictionary<UniqueAddress, DateTimeOffset>.Empty, null);

    public HeartbeatTable Heard(UniqueAddress node, DateTimeOffset now) =>
        LastHeard.ContainsKey(node) ? this with { LastHeard = LastHeard.SetItem(node, now) } : this;

    /// <summary>The node is known to have stopped: its silence began long ago.</summary>
    public HeartbeatTable Stopped(UniqueAddress node) =>
        LastHeard.ContainsKey(node) ? this with { LastHeard = LastHeard.SetItem(node, DateTimeOffset.MinValue) } : this;

    /// <summary>Follows the member table, and forgives everyone the time in which this node did not run.</summary>
    public HeartbeatTable Look(IEnumerable<UniqueAddress> others, DateTimeOffset now, TimeSpan interval)
    {
        TimeSpan starved = LastLook is { } last && now - last > 3 * interval ? now - last - interval : TimeSpan.Zero;
        ImmutableSortedDictionary<UniqueAddress, DateTimeOffset>.Builder heard = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, DateTimeOffset>();
        foreach (UniqueAddress node in others)
        {
            bool known = LastHeard.TryGetValue(node, out DateTimeOffset at);
            heard[node] = !known ? now : at == DateTimeOffset.MinValue ? at : at + starved;
        }

        return new HeartbeatTable(heard.ToImmutable(), now);
    }

    /// <summary>Who has said that it ended, or has been silent for that long.</summary>
    public ImmutableSortedSet<UniqueAddress> Silent(DateTimeOffset now, TimeSpan acceptablePause) =>
        [.. LastHeard.Where(entry => entry.Value == DateTimeOffset.MinValue || now - entry.Value > acceptablePause).Select(entry => entry.Key)];
}
