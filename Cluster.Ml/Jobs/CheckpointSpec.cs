using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>When checkpoints are taken.</summary>
/// <param name="EverySteps">Steps between two checkpoints; 0 for the end of epochs only.</param>
/// <param name="Keep">How many complete checkpoints are kept.</param>
public sealed record CheckpointSpec(int EverySteps, int Keep)
{
    /// <summary>The keys of checkpoint.</summary>
    internal static readonly KeySet<CheckpointSpec> Declared = new KeySet<CheckpointSpec>(new(0, 2))
        .Whole(
            "every-steps", "Steps between two checkpoints; 0 for the end of epochs only.", o => o.EverySteps, (o, value) => o with { EverySteps = value }, 0,
            int.MaxValue, unit: "steps")
        .Whole("keep", "How many complete checkpoints are kept.", o => o.Keep, (o, value) => o with { Keep = value }, 1, 1000);
}
