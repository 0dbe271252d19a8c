using Cluster.Actors.Membership.State;

namespace Cluster.Actors.Membership.Messages;

// node ── InitJoin ──▶ every seed node               replies InitJoinAck | InitJoinNack; repeated until a seed acknowledges
// node ── JoinRequest ──▶ a member                   replies Welcome | JoinRefused; repeated until it is answered
// member ── GossipEnvelope ──▶ every member          on every change; answered with the same where the receiver knows more
// member ── Heartbeat ──▶ every member               on a timer; answered with GossipEnvelope where the digests differ
// node ── NodeStopped ──▶ every member               once, when it ends; its loss only makes the failure detector do the work

/// <summary>What the cluster daemons of two nodes say to each other.</summary>
internal interface IClusterDaemonMessage : IControlMessage;

/// <summary>Asks a seed node whether it belongs to a cluster.</summary>
internal sealed record InitJoin(Address From) : IClusterDaemonMessage;

/// <summary>The seed node belongs to a cluster: join there.</summary>
internal sealed record InitJoinAck(Address From) : IClusterDaemonMessage;

/// <summary>The seed node itself is looking for a cluster.</summary>
internal sealed record InitJoinNack(Address From) : IClusterDaemonMessage;

/// <summary>Asks a member to take this node in. Idempotent by Node.</summary>
internal sealed record JoinRequest(UniqueAddress Node, ImmutableArray<string> Roles) : IClusterDaemonMessage;

/// <summary>The node is in.</summary>
internal sealed record Welcome(UniqueAddress From, Gossip Gossip) : IClusterDaemonMessage;

/// <summary>This life of the node cannot join: it was declared lost, or the cluster is full.</summary>
internal sealed record JoinRefused(Address From, string Reason) : IClusterDaemonMessage;

/// <summary>All that the sender knows. To is null where the sender does not know the receiver's uid.</summary>
internal sealed record GossipEnvelope(UniqueAddress From, UniqueAddress? To, Gossip Gossip) : IClusterDaemonMessage;

/// <summary>The sender lives, and this is the digest of what it knows.</summary>
internal sealed record Heartbeat(UniqueAddress From, ulong Digest) : IClusterDaemonMessage;

/// <summary>The node has ended: its shards and singletons have stopped.</summary>
internal sealed record NodeStopped(UniqueAddress Node) : IClusterDaemonMessage;
