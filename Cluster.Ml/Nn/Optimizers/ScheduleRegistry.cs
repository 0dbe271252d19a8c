using Cluster.Ml.Jobs.Keys;

namespace Cluster.Ml.Nn.Optimizers;

/// <summary>The schedules that training.schedule may name, one a line.</summary>
public static class ScheduleRegistry
{
    /// <summary>All of them, in the order in which a message lists them.</summary>
    public static readonly IReadOnlyList<NamedChoice> All = [StepSchedule.Declared, ExponentialSchedule.Declared, CosineSchedule.Declared];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(schedule => schedule.Name)];
}
