using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>A rate that falls in every epoch.</summary>
/// <remarks>
/// Equation  γ^epoch
/// Source    as PyTorch's ExponentialLR
/// </remarks>
public sealed record ExponentialSchedule : ScheduleSpec
{
    internal static readonly NamedChoice Declared = new("exponential", "a rate that falls every epoch", new KeySet<ExponentialSchedule>(new())
        .Number("factor", "What the rate is multiplied by each epoch.", o => o.Factor, (o, value) => o with { Factor = value }, NumberRange.Factor));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    /// <summary>What the rate is multiplied by each epoch, in (0, 1].</summary>
    public double Factor { get; init; } = 0.95;

    /// <inheritdoc/>
    internal override double FactorAt(in StepContext step, int epochs) => Adam.Power(Factor, step.Epoch);
}
