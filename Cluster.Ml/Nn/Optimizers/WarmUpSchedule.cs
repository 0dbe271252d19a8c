using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>A rate that stays as it is once it is warm.</summary>
public sealed record WarmUpSchedule : ScheduleSpec
{
    /// <inheritdoc/>
    internal override double FactorAt(in StepContext step, int epochs) => 1;
}
