using Cluster.Ml.Jobs;

namespace Cluster.Ml.Tasks;

/// <summary>What tasks are of.</summary>
/// <param name="Spec">The job.</param>
/// <param name="Specification">What else was asked for, as the kind reads it: of folds, how many.</param>
public sealed record TaskJob(JobSpec Spec, string Specification);

/// <summary>A task that has its result.</summary>
/// <param name="Specification">Its specification.</param>
/// <param name="Result">Its result.</param>
public readonly record struct TaskDone(string Specification, ReadOnlyMemory<byte> Result);
