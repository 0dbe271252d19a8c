using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Randomness;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>How the learning rate changes while a job trains.</summary>
/// <remarks>
/// Equation  step: γ^⌊epoch / every⌋;  exponential: γ^epoch;
///           cosine: m + (1 − m)·(1 + cos(π·t / T)) / 2, t the step and T the steps of all epochs;
///           warm-up: the above times min(1, (t + 1) / warm-up steps)
/// Source    Loshchilov and Hutter, "SGDR", ICLR 2017, eq. 5, without restarts; Goyal et al., "Accurate, Large Minibatch SGD" (2017),
///           § 2.2; step and exponential as PyTorch's StepLR and ExponentialLR
/// Range     a pure function of the job and the step
/// </remarks>
internal static class RateSchedule
{
    /// <summary>What the learning rate is multiplied by at a step.</summary>
    public static double FactorAt(in TrainingSpec training, in StepContext step)
    {
        if (training.Schedule is not { } schedule) return 1;
        double factor = schedule.Kind switch
        {
            "step" => Adam.Power(schedule.Factor, step.Epoch / schedule.Every),
            "exponential" => Adam.Power(schedule.Factor, step.Epoch),
            "cosine" => Cosine(schedule.Minimum, step.Step, step.StepsPerEpoch * training.Epochs),
            _ => 1,
        };
        return step.Step + 1 < schedule.WarmUp ? factor * ((step.Step + 1) / (double)schedule.WarmUp) : factor;
    }

    private static double Cosine(double minimum, long step, long steps) =>
        minimum + ((1 - minimum) * (1 + PolarMath.CosTurns(Math.Min(step, steps) / (2.0 * steps))) / 2);
}
