using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>What is learned.</summary>
/// <param name="Kind">One of <see cref="LearnerRegistry.Names"/>.</param>
/// <param name="Options">What the job says beside, in the record of this kind.</param>
public sealed record ModelSpec(string Kind, ModelOptions Options)
{
    /// <summary>The options as the record of one kind.</summary>
    /// <exception cref="ArgumentException">The job is of another kind.</exception>
    public T As<T>()
        where T : ModelOptions =>
        Options as T ?? throw new ArgumentException($"ModelSpec: {Kind}: wanted {typeof(T).Name}, got {Options.GetType().Name}.", nameof(T));
}
