using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>What the learning rate is multiplied by at each step of a job.</summary>
/// <remarks>
/// Equation  the schedule's factor times min(1, (t + 1) / warm-up steps)
/// Source    Goyal et al., "Accurate, Large Minibatch SGD" (2017), § 2.2
/// Range     a pure function of the job and the step
/// </remarks>
internal static class RateSchedule
{
    /// <summary>What the learning rate is multiplied by at a step.</summary>
    public static double FactorAt(in TrainingSpec training, in StepContext step)
    {
        if (training.Schedule is not { } schedule) return 1;
        double factor = schedule.FactorAt(step, training.Epochs);
        return step.Step + 1 < schedule.WarmUp ? factor * ((step.Step + 1) / (double)schedule.WarmUp) : factor;
    }
}
