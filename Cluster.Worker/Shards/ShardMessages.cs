using Cluster.Messages.Identifiers;
using Cluster.Worker.Data;

namespace Cluster.Worker.Shards;

// DataShard ── ShardReady ──▶ Worker     when its rows are loaded, and each time it is opened again
// DataShard ── ShardStopped ──▶ Worker   when it leaves the node, for any reason
// These two carry rows by reference and never leave the process: they are no part of the protocol.

/// <summary>The shard's rows are in memory on this node.</summary>
internal sealed record ShardReady(
    JobId Job, ShardRows Rows, IActorRef DataShard, IActorRef ParameterServer, long Incarnation) : INoSerializationVerificationNeeded
{
    public int Shard => Rows.Training.Index;
}

/// <summary>The shard is no longer on this node.</summary>
internal sealed record ShardStopped(JobId Job, int Shard, IActorRef DataShard) : INoSerializationVerificationNeeded;
