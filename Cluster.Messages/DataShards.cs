using Cluster.Messages.Identifiers;

namespace Cluster.Messages;

// ParameterServer ── OpenShard ──▶ shard region ──▶ DataShard       a lost shard is opened again, wherever sharding puts it
//                                      DataShard ── (local) ──▶ Worker
// ParameterServer ◀── ShardsHosted ── Worker                        whenever the set changes, and again when asked
// ParameterServer ◀── ShardUnavailable ── Worker                    the data cannot be read: the job fails, with the reason
// ParameterServer ── CloseJob ──▶ Worker ──▶ DataShard              the job has ended

/// <summary>Makes the data shard live on some worker and tell that worker about itself. PROTOCOL.md: OpenShard.</summary>
/// <param name="Job">The job.</param>
/// <param name="Shard">Which shard, 0 … ShardCount − 1.</param>
/// <param name="ShardCount">How many the job has: its micro-batches.</param>
/// <param name="JobText">The job file, overrides applied.</param>
/// <param name="BaseDirectory">What its relative paths are relative to.</param>
/// <param name="DataSha256">SHA-256 of the rows as the coordinator prepared them: a worker that comes to other rows must not compute with them.</param>
/// <param name="ParameterServer">Whom the worker reports to.</param>
/// <param name="Incarnation">The life of that parameter server; an older one is ignored.</param>
public sealed record OpenShard(
    JobId Job, int Shard, int ShardCount, string JobText, string BaseDirectory, string DataSha256, IActorRef ParameterServer, long Incarnation)
    : IJobMessage;

/// <summary>A worker tells which data shards of the job it holds, loaded and ready. Idempotent: the whole set each time. PROTOCOL.md: ShardsHosted.</summary>
/// <param name="Job">The job.</param>
/// <param name="Worker">The worker's name.</param>
/// <param name="WorkerRef">Receives states.</param>
/// <param name="Shards">All the job's shards that it holds, ascending.</param>
/// <param name="Incarnation">The parameter server's life that this answers.</param>
public sealed record ShardsHosted(
    JobId Job, WorkerId Worker, IActorRef WorkerRef, ImmutableArray<int> Shards, long Incarnation) : IJobMessage;

/// <summary>The shard's rows cannot be had; retrying would not help. PROTOCOL.md: ShardUnavailable.</summary>
/// <param name="Job">The job.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Worker">The worker that tried.</param>
/// <param name="Reason">File, line, column, what was wanted, what came.</param>
/// <param name="Incarnation">The parameter server's life that this answers.</param>
public sealed record ShardUnavailable(JobId Job, int Shard, WorkerId Worker, string Reason, long Incarnation) : IJobMessage;

/// <summary>The job has ended: let its shards and states go. PROTOCOL.md: CloseJob.</summary>
/// <param name="Job">The job.</param>
public sealed record CloseJob(JobId Job) : IJobMessage;
