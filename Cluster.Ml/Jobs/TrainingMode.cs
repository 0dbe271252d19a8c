using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>How contributions become steps.</summary>
public abstract record TrainingMode
{
    private TrainingMode()
    {
    }

    /// <summary>As the key training.mode names it.</summary>
    public abstract string Name { get; }

    /// <summary>What a learner must be capable of; null for nothing.</summary>
    internal virtual Capability? Asked => null;

    /// <summary>Every step waits for all micro-batches. The model does not depend on workers, nor on what happens to them.</summary>
    public sealed record Synchronous : TrainingMode
    {
        /// <summary>The one value.</summary>
        public static readonly Synchronous Instance = new();

        internal static readonly NamedChoice Declared = new("synchronous", "every step waits for all micro-batches", new KeySet<Synchronous>(Instance)) { WordOnly = true };

        /// <inheritdoc/>
        public override string Name => Declared.Name;
    }

    /// <summary>
    /// Each micro-batch steps at its own pace, at most some steps ahead of the slowest; what comes is applied at once. The model
    /// depends on the order in which contributions come.
    /// </summary>
    /// <param name="Bound">How many steps one may be ahead of the slowest; 0: all begin a step together.</param>
    public sealed record Stale(int Bound) : TrainingMode
    {
        internal static readonly NamedChoice Declared = new("stale", "each micro-batch steps at its own pace, at most some steps ahead of the slowest", new KeySet<Stale>(new(4))
            .Whole("bound", "How many steps one may be ahead of the slowest.", o => o.Bound, (o, value) => o with { Bound = value }, 0, 1000, unit: "steps"));

        /// <inheritdoc/>
        public override string Name => Declared.Name;

        internal override Capability? Asked => Capability.Staleness;
    }

    /// <summary>
    /// Each micro-batch takes some steps alone from the published state; the states are averaged. The model does not depend on
    /// workers, nor on what happens to them.
    /// </summary>
    /// <param name="Steps">Local steps between two averages.</param>
    public sealed record LocalSgd(int Steps) : TrainingMode
    {
        internal static readonly NamedChoice Declared = new("local-sgd", "each micro-batch takes some steps alone; the states are averaged", new KeySet<LocalSgd>(new(8))
            .Whole("steps", "Local steps between two averages.", o => o.Steps, (o, value) => o with { Steps = value }, 1, 10_000, unit: "steps"));

        /// <inheritdoc/>
        public override string Name => Declared.Name;

        internal override Capability? Asked => Capability.LocalSteps;
    }
}
