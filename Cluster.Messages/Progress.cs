using Cluster.Messages.Identifiers;

namespace Cluster.Messages;

// ParameterServer, JobCoordinator ── StepsProgressed, EpochProgressed, TaskProgressed, JobFinished ──▶ ProgressHub
// command, HTTP API ── SubscribeProgress ──▶ ProgressHub        then every report, until unsubscribed or terminated
// A report that is lost is lost: results are asked for with DescribeJob.

/// <summary>Asks for every report of a job from now on; the last one of its progress comes at once. PROTOCOL.md: SubscribeProgress.</summary>
/// <param name="Job">The job.</param>
/// <param name="Subscriber">Who wants them; watched.</param>
public sealed record SubscribeProgress(JobId Job, IActorRef Subscriber) : IJobMessage;

/// <summary>Some steps further; at most ten a second. PROTOCOL.md: StepsProgressed.</summary>
/// <param name="Job">The job.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the whole job, as far as known.</param>
/// <param name="Epoch">The current epoch, from 0.</param>
/// <param name="Epochs">Epochs at the most.</param>
/// <param name="Loss">Mean training loss of the epoch so far.</param>
/// <param name="Accuracy">Share right of the epoch so far; NaN if there are no classes.</param>
/// <param name="ExamplesPerSecond">Since the last report.</param>
/// <param name="Workers">Workers that hold shards.</param>
public sealed record StepsProgressed(
    JobId Job, long Step, long Steps, int Epoch, int Epochs, double Loss, double Accuracy, double ExamplesPerSecond, int Workers)
    : IJobMessage;

/// <summary>A figure with its name.</summary>
/// <param name="Name">Such as validation accuracy.</param>
/// <param name="Value">The figure.</param>
public readonly record struct NamedFigure(string Name, double Value);

/// <summary>An epoch is over, and measured. PROTOCOL.md: EpochProgressed.</summary>
/// <param name="Job">The job.</param>
/// <param name="Epoch">Which, from 0.</param>
/// <param name="Epochs">At the most.</param>
/// <param name="Training">Figures of the training split.</param>
/// <param name="Validation">Figures of the validation split; empty if there is none.</param>
/// <param name="Epsilon">Privacy spent so far; NaN if training is not private.</param>
public sealed record EpochProgressed(
    JobId Job, int Epoch, int Epochs, ImmutableArray<NamedFigure> Training, ImmutableArray<NamedFigure> Validation, double Epsilon)
    : IJobMessage;

/// <summary>What one task of a job gave.</summary>
/// <param name="Label">What it was, as it was specified; empty if its index says all.</param>
/// <param name="Figures">Name and value.</param>
/// <param name="ModelSha256">Identity of the task's model; empty if it has none.</param>
/// <param name="Reason">Why it has none; empty if it has one.</param>
public sealed record TaskOutcome(string Label, ImmutableArray<NamedFigure> Figures, string ModelSha256, string Reason);

/// <summary>A task of a job has ended. PROTOCOL.md: TaskProgressed.</summary>
/// <param name="Job">The job.</param>
/// <param name="Index">Which task.</param>
/// <param name="Done">How many have ended.</param>
/// <param name="Count">How many there are, as far as known.</param>
/// <param name="Outcome">What it gave.</param>
public sealed record TaskProgressed(JobId Job, int Index, int Done, int Count, TaskOutcome Outcome) : IJobMessage;

/// <summary>The job has ended, one way or another. PROTOCOL.md: JobFinished.</summary>
/// <param name="Job">The job.</param>
/// <param name="Status">How.</param>
/// <param name="ModelPath">The model file; empty if there is none.</param>
/// <param name="ModelSha256">Its identity; empty if there is none.</param>
/// <param name="Steps">Training steps done.</param>
/// <param name="Epochs">Epochs done.</param>
/// <param name="Training">Figures of the training split.</param>
/// <param name="Validation">Figures of the validation split.</param>
/// <param name="Test">Figures of the test split.</param>
/// <param name="Tasks">The result of each task, by index; empty for a job without tasks.</param>
/// <param name="Exchange">What the exchange between parameter server and workers cost since the job last began or was resumed; empty if nothing was trained.</param>
/// <param name="Epsilon">Privacy spent; NaN if training is not private.</param>
/// <param name="Delta">δ of that; NaN if training is not private.</param>
/// <param name="FailureKind">Why it failed; null if it did not.</param>
/// <param name="Reason">For a person; empty if nothing failed.</param>
/// <param name="DataEpsilon">Privacy spent of the data by this and all other runs; NaN if it is not known.</param>
public sealed record JobFinished(
    JobId Job, JobStatus Status, string ModelPath, string ModelSha256, long Steps, int Epochs,
    ImmutableArray<NamedFigure> Training, ImmutableArray<NamedFigure> Validation, ImmutableArray<NamedFigure> Test,
    ImmutableArray<TaskOutcome> Tasks, ImmutableArray<NamedFigure> Exchange, double Epsilon, double Delta, FailureKind? FailureKind, string Reason,
    double DataEpsilon = double.NaN) : IJobMessage;
