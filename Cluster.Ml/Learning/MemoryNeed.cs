using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Ml.Learning;

/// <summary>What a model needs of memory to be trained at all, told before it is tried.</summary>
public static class MemoryNeed
{
    private const double MebiBytes = 1 << 20;

    /// <summary>
    /// Bytes that a parameter server holds at the least: the state, the one before it and a checkpoint's copy; the learner's memory and its copy;
    /// a sum and what is added to it.
    /// </summary>
    /// <param name="learner">The job's learner.</param>
    public static long BytesOf(ILearner learner) =>
        ((3L * learner.StateLength) + (2L * learner.OptimizerStateLength) + (2L * learner.ContributionLength)) * (learner.Numbers == Numerics.NumberKind.Float32 ? sizeof(float) : sizeof(double));

    /// <summary>Refuses a model that cannot fit.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="learner">Its learner.</param>
    /// <param name="servers">How many nodes share the parameters.</param>
    /// <param name="available">Bytes that this process may use.</param>
    /// <exception cref="BadInputException">It needs more than there is.</exception>
    public static void Require(JobSpec spec, ILearner learner, int servers, long available)
    {
        long need = BytesOf(learner) / Math.Max(1, servers);
        if (need > available)
            throw new BadInputException(
                spec.Name, null, null, $"a model that fits the {Text(available)} of memory that this process may use",
                $"one of {learner.StateLength.ToString("N0", CultureInfo.InvariantCulture)} numbers, which needs at least {Text(need)} to be trained",
                "use fewer or smaller layers, fewer features or training.servers, or give the process more memory");
    }

    /// <summary>The message of a failure; of memory that ran out, how much there is and what would need less.</summary>
    /// <param name="reason">The failure.</param>
    public static string TextOf(Exception reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return reason is OutOfMemoryException
            ? $"wanted more memory than the {Text(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} that this process may use; "
                + "use fewer workers or threads, a smaller model or batch, or fewer rows in memory (data-memory), or give the process more"
            : reason.Message;
    }

    private static string Text(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / MebiBytes:N0} MiB");
}
