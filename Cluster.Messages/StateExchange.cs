using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages;

// Where several servers keep the parameters, RangeServer stands for ParameterServer in the first and the third line, too.
//
// ParameterServer ── PublishState ──▶ Worker          once a round to each worker that holds shards; again to those whose sums are missing
// ParameterServer ── RequestContribution ──▶ Worker   what is missing: of a worker that was asked before, or of one that is late
// ParameterServer ◀── PushContribution ── Worker      one for each aligned subtree that the worker holds
// ParameterServer ◀── ContributionFailed ── Worker    a number was not finite, or the compute threw
// ParameterServer ◀── ResidualsLost ── Worker         what earlier steps left out is not here: the window of steps begins again

/// <summary>The state, or a range of it. A worker that has all ranges computes what its shards contribute. PROTOCOL.md: PublishState.</summary>
/// <param name="Job">The job.</param>
/// <param name="Round">The round that this state opens.</param>
/// <param name="Range">Which range of the state it is; its sender gets that range's part of the sums.</param>
/// <param name="State">The numbers; read only.</param>
/// <param name="Sampling">Of a private job's training round, what its rows are drawn with; else null.</param>
public sealed record PublishState(JobId Job, RoundId Round, RangeId Range, TensorPayload State, KeyBytes? Sampling = null) : IJobMessage;

/// <summary>
/// Names micro-batches of a published round that are still missing. A worker that has the round's state computes exactly
/// these, hosted or not; one that does not lets it be. PROTOCOL.md: RequestContribution.
/// </summary>
/// <param name="Job">The job.</param>
/// <param name="Round">The round.</param>
/// <param name="Shards">The micro-batches, ascending.</param>
public sealed record RequestContribution(JobId Job, RoundId Round, ImmutableArray<int> Shards) : IJobMessage;

/// <summary>The combined contribution of a subtree. PROTOCOL.md: PushContribution.</summary>
/// <param name="Job">The job.</param>
/// <param name="Round">The round it answers.</param>
/// <param name="Worker">Who computed it.</param>
/// <param name="Subtree">The micro-batches it covers.</param>
/// <param name="Range">Which range's part of the sum it is; <see cref="RangeId.Whole"/> for all of it, or for what belongs to no range.</param>
/// <param name="Sum">The numbers; the receiver owns them.</param>
public sealed record PushContribution(
    JobId Job, RoundId Round, WorkerId Worker, SubtreeId Subtree, RangeId Range, TensorPayload Sum) : IJobMessage;

/// <summary>The compute of a subtree failed for a reason that would recur anywhere. PROTOCOL.md: ContributionFailed.</summary>
/// <param name="Job">The job.</param>
/// <param name="Round">The round.</param>
/// <param name="Worker">Who tried.</param>
/// <param name="Subtree">The micro-batches.</param>
/// <param name="Diverged">Whether a number was not finite (exit code 5), or the failure is of another kind.</param>
/// <param name="Reason">Step, layer, what was wanted, what came.</param>
public sealed record ContributionFailed(
    JobId Job, RoundId Round, WorkerId Worker, SubtreeId Subtree, bool Diverged, string Reason) : IJobMessage;

/// <summary>
/// Micro-batches of a published round are wanted, and what their earlier steps left out is not here, as after a shard has moved.
/// PROTOCOL.md: ResidualsLost.
/// </summary>
/// <param name="Job">The job.</param>
/// <param name="Round">The round.</param>
/// <param name="Worker">Who was asked.</param>
/// <param name="Shards">The micro-batches, ascending.</param>
public sealed record ResidualsLost(JobId Job, RoundId Round, WorkerId Worker, ImmutableArray<int> Shards) : IJobMessage;
