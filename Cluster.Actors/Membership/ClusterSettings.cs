namespace Cluster.Actors.Membership;

/// <summary>How a node behaves as a member.</summary>
public sealed record ClusterSettings
{
    /// <summary>Heartbeats to more members than this would cost more than they tell; further members are refused.</summary>
    public const int MembersMax = 256;

    /// <summary>What the node can do.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>How often a node says that it lives. Longer: losses are seen later. Shorter: more messages.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How late a heartbeat may be without any suspicion; many intervals, or a busy machine looks like a dead one.</summary>
    public TimeSpan AcceptablePause { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The φ from which on a member that is silent for longer than <see cref="AcceptablePause"/> counts as unreachable: 8 means that a working
    /// one would be so late once in 10⁸ heartbeats. Higher: losses are seen later where heartbeats are irregular.
    /// </summary>
    public double SuspicionThreshold { get; init; } = 8;

    /// <summary>How often an unanswered wish to join is repeated.</summary>
    public TimeSpan JoinRetryInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the first seed node looks for a cluster among the others before it founds one.</summary>
    public TimeSpan SeedNodeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the first seed node listens before it founds a cluster although no other seed knows one. A seed that was restarted
    /// is missed by the members of its cluster and hears their heartbeats: two intervals let it find them, zero (for nodes of
    /// one process, which end together) starts at once.
    /// </summary>
    public TimeSpan FoundingPatience { get; init; } = TimeSpan.Zero;

    /// <summary>When a member that cannot be heard is declared lost.</summary>
    public DowningSettings Downing { get; init; } = new();

    /// <exception cref="ArgumentException">Names every setting that is out of its range.</exception>
    internal void Validate()
    {
        List<string> faults = [];
        Require(HeartbeatInterval > TimeSpan.Zero, $"HeartbeatInterval: wanted more than 0, got {HeartbeatInterval}");
        Require(AcceptablePause >= 2 * HeartbeatInterval, $"AcceptablePause: wanted at least two heartbeats ({2 * HeartbeatInterval}), got {AcceptablePause}");
        Require(SuspicionThreshold is >= 1 and <= 100, $"SuspicionThreshold: wanted 1 to 100, got {SuspicionThreshold}");
        Require(JoinRetryInterval > TimeSpan.Zero, $"JoinRetryInterval: wanted more than 0, got {JoinRetryInterval}");
        Require(SeedNodeTimeout >= TimeSpan.Zero, $"SeedNodeTimeout: wanted 0 or more, got {SeedNodeTimeout}");
        Require(FoundingPatience >= TimeSpan.Zero, $"FoundingPatience: wanted 0 or more, got {FoundingPatience}");
        Require(Downing.StableAfter > TimeSpan.Zero, $"Downing.StableAfter: wanted more than 0, got {Downing.StableAfter}");
        Require(Downing.RemovalMargin >= TimeSpan.Zero, $"Downing.RemovalMargin: wanted 0 or more, got {Downing.RemovalMargin}");
        if (faults.Count > 0) throw new ArgumentException("ClusterSettings: " + string.Join("; ", faults));

        void Require(bool holds, string fault)
        {
            if (!holds) faults.Add(fault);
        }
    }
}
