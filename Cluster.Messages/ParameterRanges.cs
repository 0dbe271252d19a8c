using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages;

// Only if a job's parameters are kept by several servers; each lives on a worker, and keeps one range of the state.
//
// ParameterServer ── OpenRange ──▶ Worker               a range has no server; repeated until it has
// ParameterServer ◀── RangeHosted ── RangeServer        it lives; again when it has been filled, and when it is asked again
// ParameterServer ── FillRange ──▶ RangeServer          what it is to keep; repeated until it has it
// ParameterServer ── OpenRangeRound ──▶ RangeServer     take the step that the last round led to, publish, gather
//          Worker ◀── PublishState ── RangeServer
//          Worker ── PushContribution ──▶ RangeServer
// ParameterServer ◀── RangeGathered ── RangeServer      every micro-batch came; or, asked again, which have not
// ParameterServer ── CollectRange ──▶ RangeServer       a checkpoint is due, or an epoch is over; repeated until it has come
// ParameterServer ◀── RangeCollected ── RangeServer     what it keeps
// ParameterServer ◀── RangeFailed ── RangeServer        a new number was not finite

/// <summary>Makes a worker keep a range of a job's parameters. PROTOCOL.md: OpenRange.</summary>
/// <param name="Job">The job.</param>
/// <param name="Range">Which range.</param>
/// <param name="ParameterServer">Whom its server reports to.</param>
/// <param name="Incarnation">The life of that parameter server; an older one is ignored.</param>
public sealed record OpenRange(JobId Job, RangeId Range, IActorRef ParameterServer, long Incarnation) : IJobMessage;

/// <summary>A range has a server. PROTOCOL.md: RangeHosted.</summary>
/// <param name="Job">The job.</param>
/// <param name="Range">Which range.</param>
/// <param name="Server">Its server.</param>
/// <param name="Incarnation">The parameter server's life that this answers.</param>
/// <param name="Filled">The ordinal of the moment that it was filled at last; −1 if it is empty.</param>
public sealed record RangeHosted(JobId Job, RangeId Range, IActorRef Server, long Incarnation, long Filled) : IJobMessage;

/// <summary>What a range's server is to keep: its numbers of the state, then of the optimizer state. PROTOCOL.md: FillRange.</summary>
/// <param name="Job">The job.</param>
/// <param name="Range">Which range.</param>
/// <param name="Moment">Orders fillings and rounds; its step is what the numbers stand at.</param>
/// <param name="Numbers">The numbers; read only.</param>
public sealed record FillRange(JobId Job, RangeId Range, RoundId Moment, TensorPayload Numbers) : IJobMessage;

/// <summary>
/// Opens a round, or asks about it again: a server that is one step behind takes the step first, with what it gathered;
/// then it publishes its range to the workers named. PROTOCOL.md: OpenRangeRound.
/// </summary>
/// <param name="Job">The job.</param>
/// <param name="Range">Which range.</param>
/// <param name="Round">The round.</param>
/// <param name="Scale">What the sum of the round before is multiplied by; null if no parameter changes.</param>
/// <param name="Workers">Whom the range's state is sent.</param>
public sealed record OpenRangeRound(JobId Job, RangeId Range, RoundId Round, double? Scale, ImmutableArray<IActorRef> Workers) : IJobMessage;

/// <summary>How far a range's server has gathered a round. PROTOCOL.md: RangeGathered.</summary>
/// <param name="Job">The job.</param>
/// <param name="Range">Which range.</param>
/// <param name="Round">The round.</param>
/// <param name="Missing">Micro-batches whose part of the sum has not come, ascending; none if the range is complete.</param>
/// <param name="Squares">Of a complete range, its sums of squares for the norm of the whole; empty if none is wanted.</param>
/// <param name="BytesPublished">Bytes of states that this server has sent.</param>
/// <param name="BytesGathered">Bytes of contributions that it has got.</param>
public sealed record RangeGathered(
    JobId Job, RangeId Range, RoundId Round, ImmutableArray<int> Missing, TensorPayload Squares, long BytesPublished, long BytesGathered) : IJobMessage;

/// <summary>Asks for what a range's server keeps; one that is a step behind takes the step first. PROTOCOL.md: CollectRange.</summary>
/// <param name="Job">The job.</param>
/// <param name="Range">Which range.</param>
/// <param name="Moment">Names the answer; its step is what the numbers must stand at.</param>
/// <param name="Scale">As in <see cref="OpenRangeRound"/>.</param>
public sealed record CollectRange(JobId Job, RangeId Range, RoundId Moment, double? Scale) : IJobMessage;

/// <summary>What a range's server keeps. PROTOCOL.md: RangeCollected.</summary>
/// <param name="Job">The job.</param>
/// <param name="Range">Which range.</param>
/// <param name="Moment">What it answers.</param>
/// <param name="Numbers">The numbers, as in <see cref="FillRange"/>; read only.</param>
public sealed record RangeCollected(JobId Job, RangeId Range, RoundId Moment, TensorPayload Numbers) : IJobMessage;

/// <summary>A range could not take its step. PROTOCOL.md: RangeFailed.</summary>
/// <param name="Job">The job.</param>
/// <param name="Range">Which range.</param>
/// <param name="Incarnation">The parameter server's life that this answers.</param>
/// <param name="Diverged">Whether a number was not finite (exit code 5), or the failure is of another kind.</param>
/// <param name="Reason">Step, layer, what was wanted, what came.</param>
public sealed record RangeFailed(JobId Job, RangeId Range, long Incarnation, bool Diverged, string Reason) : IJobMessage;
