using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>How the learning rate changes while a job trains; each schedule has a record of its own.</summary>
public abstract record ScheduleSpec
{
    /// <summary>As the key training.schedule names it; null for a rate that only warms up.</summary>
    public virtual string? Kind => null;

    /// <summary>Steps at the start over which the rate grows from nothing; 0 for none.</summary>
    public int WarmUp { get; init; }

    /// <summary>Why steps depend on how many epochs there are; null where they do not.</summary>
    internal virtual string? EpochsMatter => null;

    /// <summary>What the learning rate is multiplied by at a step, but for the warm-up.</summary>
    /// <param name="step">Which step.</param>
    /// <param name="epochs">Epochs of the job.</param>
    internal abstract double FactorAt(in StepContext step, int epochs);
}
