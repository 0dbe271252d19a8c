using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Jobs;

/// <summary>Stops when the validation loss has not improved for a while, and keeps the best model.</summary>
/// <param name="Patience">Epochs without improvement.</param>
/// <param name="MinimumGain">What counts as improvement.</param>
public sealed record EarlyStoppingSpec(int Patience, double MinimumGain)
{
    /// <summary>The keys of training.early-stopping.</summary>
    internal static readonly KeySet<EarlyStoppingSpec> Declared = new KeySet<EarlyStoppingSpec>(new(5, 0))
        .Whole("patience", "Epochs without improvement.", o => o.Patience, (o, value) => o with { Patience = value }, 1, JobDefaults.EpochsMax, unit: "epochs")
        .Number("minimum-gain", "What counts as improvement.", o => o.MinimumGain, (o, value) => o with { MinimumGain = value }, NumberRange.NotNegative);
}
