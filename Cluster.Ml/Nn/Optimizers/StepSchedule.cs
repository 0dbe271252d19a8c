using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>A rate that falls in steps.</summary>
/// <remarks>
/// Equation  γ^⌊epoch / every⌋
/// Source    as PyTorch's StepLR
/// </remarks>
public sealed record StepSchedule : ScheduleSpec
{
    internal static readonly NamedChoice Declared = new("step", "a rate that falls every so many epochs", new KeySet<StepSchedule>(new())
        .Number("factor", "What the rate is multiplied by each time.", o => o.Factor, (o, value) => o with { Factor = value }, NumberRange.Factor, source: "PyTorch")
        .Whole("every", "Epochs between two times.", o => o.Every, (o, value) => o with { Every = value }, 1, JobDefaults.EpochsMax, unit: "epochs"));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    /// <summary>What the rate is multiplied by each time, in (0, 1].</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>Epochs between two times.</summary>
    public int Every { get; init; } = 1;

    /// <inheritdoc/>
    internal override double FactorAt(in StepContext step, int epochs) => Adam.Power(Factor, step.Epoch / Every);
}
