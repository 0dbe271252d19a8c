using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>A rate that falls along half a cosine.</summary>
/// <remarks>
/// Equation  m + (1 − m)·(1 + cos(π·t / T)) / 2, t the step and T the steps of all epochs
/// Source    Loshchilov and Hutter, "SGDR", ICLR 2017, eq. 5, without restarts
/// </remarks>
public sealed record CosineSchedule : ScheduleSpec
{
    internal static readonly NamedChoice Declared = new("cosine", "a rate that falls along half a cosine", new KeySet<CosineSchedule>(new())
        .Number("minimum", "The rate at the end as a share of that at the start.", o => o.Minimum, (o, value) => o with { Minimum = value }, NumberRange.Decay));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    /// <summary>The rate at the end as a share of that at the start.</summary>
    public double Minimum { get; init; }

    /// <inheritdoc/>
    internal override string EpochsMatter => "the cosine schedule spreads the learning rate over all epochs";

    /// <inheritdoc/>
    internal override double FactorAt(in StepContext step, int epochs) => At(step.Step, step.StepsPerEpoch * epochs);

    private double At(long step, long steps) => Minimum + ((1 - Minimum) * (1 + PolarMath.CosTurns(Math.Min(step, steps) / (2.0 * steps))) / 2);
}
