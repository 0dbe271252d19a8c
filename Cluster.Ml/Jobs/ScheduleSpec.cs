using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Optimizers;

namespace Cluster.Ml.Jobs;

/// <summary>How the learning rate changes while a job trains; each schedule has its own record.</summary>
public abstract record ScheduleSpec
{
    /// <summary>The keys that every schedule has, and that may stand alone.</summary>
    internal static readonly KeySet<ScheduleSpec> Beside = new KeySet<ScheduleSpec>(new WarmUpSchedule()).Whole(
        "warm-up", "Steps at the start over which the rate grows from nothing.", o => o.WarmUp, (o, value) => o with { WarmUp = value }, 0, int.MaxValue, unit: "steps");

    /// <summary>As the key training.schedule names it; null for a rate that only warms up.</summary>
    public virtual string? Kind => null;

    /// <summary>Steps at the start over which the rate grows from nothing; 0 for none.</summary>
    public int WarmUp { get; init; }

    /// <summary>Why steps depend on how many epochs there are; null if they do not.</summary>
    internal virtual string? EpochsMatter => null;

    /// <summary>What the learning rate is multiplied by at a step, but for the warm-up.</summary>
    /// <param name="step">Which step.</param>
    /// <param name="epochs">Epochs of the job.</param>
    internal abstract double FactorAt(in StepContext step, int epochs);
}
