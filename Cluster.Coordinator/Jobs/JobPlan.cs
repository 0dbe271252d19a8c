using Cluster.Messages;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;

namespace Cluster.Coordinator.Jobs;

/// <summary>A part of a job that is over before the next begins.</summary>
internal abstract record JobStage
{
    private JobStage()
    {
    }

    /// <summary>A model is trained: sums over examples, step after step.</summary>
    public sealed record Training : JobStage
    {
        /// <summary>The only value.</summary>
        public static readonly Training Instance = new();
    }

    /// <summary>Tasks are computed, round after round.</summary>
    /// <param name="Kind">What they do.</param>
    /// <param name="Specification">What was asked for, as the kind reads it.</param>
    public sealed record Tasks(TaskKind Kind, string Specification) : JobStage;
}

/// <summary>What a job does: its stages, in their order. A pure function of what was submitted, so that every life of its coordinator has the same.</summary>
/// <param name="Stages">At least one. What a stage of tasks leads to is the job of the next stage.</param>
internal sealed record JobPlan(ImmutableArray<JobStage> Stages)
{
    /// <summary>The plan of a job.</summary>
    /// <exception cref="Ml.Data.BadInputException">Its text is wrong.</exception>
    /// <exception cref="ArgumentException">The kind of its tasks is not known.</exception>
    public static JobPlan Of(SubmitJob submitted)
    {
        if (submitted.Tasks is not { } order) return new JobPlan([JobStage.Training.Instance]);
        TaskKind kind = TaskRegistry.Of(order.Kind);
        JobSpec spec = JobContext.Parse(submitted);
        JobStage tasks = new JobStage.Tasks(kind, order.Specification);
        return new JobPlan(kind.TrainsAfter(new TaskJob(spec, order.Specification)) ? [tasks, JobStage.Training.Instance] : [tasks]);
    }
}
