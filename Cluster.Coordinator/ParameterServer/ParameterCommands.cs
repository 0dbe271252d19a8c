using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.ParameterServer;

// JobCoordinator ── TrainEpoch ──▶ ParameterServer      repeated until EpochTrained (or JobFailed) comes
// JobCoordinator ── EvaluateSplit ──▶ ParameterServer   repeated until SplitEvaluated comes
// JobCoordinator ── KeepBest ──▶ ParameterServer        repeated until BestKept comes
// JobCoordinator ── RestoreBest ──▶ ParameterServer     repeated until BestRestored comes
// JobCoordinator ── SaveModel ──▶ ParameterServer       repeated until ModelSaved comes
// JobCoordinator ── TakeCheckpoint ──▶ ParameterServer  repeated until CheckpointWritten comes
// ParameterServer ── ParametersReady ──▶ JobCoordinator on every start, with the step it stands at
// ParameterServer ── CheckpointWritten, PrivacyExhausted, JobFailed ──▶ JobCoordinator unasked, too
//
// Parent and child live in one process: these have no wire form, so that no other node can say them. Answers that the parent journals are records of Cluster.Messages.

/// <summary>What a job's coordinator asks of its parameter server. Asked again, it is answered again.</summary>
internal interface IParameterCommand : INoSerializationVerificationNeeded;

/// <summary>Trains one epoch from the step where it begins. Idempotent by Epoch.</summary>
/// <param name="Epoch">From 0.</param>
internal sealed record TrainEpoch(int Epoch) : IParameterCommand;

/// <summary>Measures the current state, or the best one kept, on a split. Idempotent by (Purpose, Epoch).</summary>
/// <param name="Purpose">Which split.</param>
/// <param name="Epoch">After which epoch.</param>
internal sealed record EvaluateSplit(RoundPurpose Purpose, int Epoch) : IParameterCommand;

/// <summary>Remembers the current state as the best so far. Idempotent by Epoch.</summary>
/// <param name="Epoch">The epoch that it comes after.</param>
internal sealed record KeepBest(int Epoch) : IParameterCommand;

/// <summary>Puts the best state that was kept in the place of the current one. Idempotent by Epoch.</summary>
/// <param name="Epoch">The epoch of the state wanted.</param>
internal sealed record RestoreBest(int Epoch) : IParameterCommand;

/// <summary>Writes the model file.</summary>
/// <param name="Record">The figures that belong into it.</param>
internal sealed record SaveModel(Jobs.JobRecord Record) : IParameterCommand;

/// <summary>Asks for a checkpoint of the current step.</summary>
internal sealed record TakeCheckpoint : IParameterCommand;

/// <summary>The parameter server has its state, fresh or recovered.</summary>
/// <param name="Incarnation">Its life.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Epoch">The epoch that the next step belongs to.</param>
internal sealed record ParametersReady(long Incarnation, long Step, int Epoch) : INoSerializationVerificationNeeded;

/// <summary>The job cannot go on.</summary>
/// <param name="Kind">What kind of failure.</param>
/// <param name="Reason">For a person: where, wanted, got, do this.</param>
internal sealed record JobFailed(FailureKind Kind, string Reason) : INoSerializationVerificationNeeded;
