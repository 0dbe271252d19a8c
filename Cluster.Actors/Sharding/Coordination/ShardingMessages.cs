namespace Cluster.Actors.Sharding.Coordination;

// coordinator ── IntroduceYourself ──▶ regions  when it starts, to those it has not heard
// region ── Register ──▶ coordinator            repeated for good; tells which shards the region runs; replies RegisterAck
// region ── GetShardHome ──▶ coordinator        repeated until ShardHome while messages wait for the shard
// coordinator ── ShardHome ──▶ all regions      once a shard has a home; the home itself begins to run it
// coordinator ── HostShard ──▶ region           repeated until ShardStarted
// coordinator ── BeginHandOff ──▶ all regions   repeated until each has sent BeginHandOffAck: from then on it keeps messages
// coordinator ── HandOff ──▶ region             repeated until ShardStopped; then the shard gets a new home
// region ── GracefulShutdownRequest ──▶ coordinator  repeated until the region has no shard left
//
// Each decision about a shard has a version that grows; whoever has seen a greater one ignores it. So messages may be lost,
// doubled and reordered.

/// <summary>What regions and their coordinator say to each other.</summary>
internal interface IShardingMessage;

/// <summary>A coordinator has started that does not know the region.</summary>
internal sealed record IntroduceYourself : IShardingMessage
{
    public static IntroduceYourself Instance { get; } = new();
}

/// <summary>A region is there, on that life of its node, and runs these shards. A proxy runs none and gets none.</summary>
internal sealed record Register(IActorRef Region, UniqueAddress Node, bool Proxy, ImmutableArray<HostedShard> Shards) : IShardingMessage;

/// <summary>A shard that a region runs, and the decision that gave it.</summary>
internal sealed record HostedShard(string Shard, long Version);

internal sealed record RegisterAck(IActorRef Coordinator) : IShardingMessage;

internal sealed record GetShardHome(string Shard, IActorRef Requester) : IShardingMessage;

internal sealed record ShardHome(string Shard, IActorRef Region, long Version) : IShardingMessage;

internal sealed record HostShard(string Shard, long Version) : IShardingMessage;

internal sealed record ShardStarted(string Shard, long Version, IActorRef Region) : IShardingMessage;

internal sealed record BeginHandOff(string Shard, long Version) : IShardingMessage;

internal sealed record BeginHandOffAck(string Shard, long Version, IActorRef Region) : IShardingMessage;

internal sealed record HandOff(string Shard, long Version) : IShardingMessage;

internal sealed record ShardStopped(string Shard, long Version, IActorRef Region) : IShardingMessage;

internal sealed record GracefulShutdownRequest(IActorRef Region) : IShardingMessage;
