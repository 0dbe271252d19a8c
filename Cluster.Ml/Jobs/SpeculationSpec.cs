using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>Gives a late worker's micro-batches to others, too; the first answer wins, and the model is the same.</summary>
/// <param name="After">How many times the median answer a worker may take before it counts as late.</param>
public sealed record SpeculationSpec(double After)
{
    /// <summary>The keys of training.speculation.</summary>
    internal static readonly KeySet<SpeculationSpec> Declared = new KeySet<SpeculationSpec>(new(3)).Number(
        "after", "How many times the median answer a worker may take before it counts as late.", o => o.After, (o, value) => o with { After = value },
        NumberRange.Between(1, 1000));
}
