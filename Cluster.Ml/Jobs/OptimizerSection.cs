using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Optimizers;

namespace Cluster.Ml.Jobs;

/// <summary>The keys training.optimizer and training.schedule, whose words have keys of their own.</summary>
internal static class OptimizerSection
{
    private const string Key = "optimizer", ScheduleKey = "schedule";

    /// <summary>The update rules, and the steps that some models have of their own.</summary>
    public static IReadOnlyList<NamedChoice> Known { get; } = [.. LearnerRegistry.All.SelectMany(kind => kind.Optimizers).Distinct().Select(ChoiceOf)];

    /// <summary>The update rule that is written; if none is, the one that suits the kind of model.</summary>
    public static OptimizerSpec Read(JobMap map, LearnerKind? kind)
    {
        OptimizerSpec otherwise = kind?.DefaultOptimizer ?? new AdamOptions();
        if (kind?.FormOf(otherwise.Kind).Refuses(Capability.Optimizer) is { } refusal)
        {
            map.Refuse(Key, refusal.Because, refusal.Advice);
            return OwnSteps.Unnamed;
        }
        IReadOnlyList<NamedChoice> known = kind is null ? Known : [.. kind.Optimizers.Select(ChoiceOf)];
        (NamedChoice? choice, JobMap inner) = ChoiceReader.Read(map, Key, known, ChoiceReader.ExampleOf(ChoiceOf(otherwise.Kind)));
        return choice is null ? otherwise : ChoiceReader.ReadOptions(choice, inner, choice.Name == otherwise.Kind ? otherwise : null);
    }

    /// <summary>The schedule that is written, or null.</summary>
    public static ScheduleSpec? ReadSchedule(JobMap map)
    {
        const string example = "{ cosine: { minimum: 0.01 }, warm-up: 100 }";
        if (!map.Has(ScheduleKey) || map.Map(ScheduleKey, example) is not { } schedule) return null;
        ScheduleSpec warm = (ScheduleSpec)ScheduleSpec.Beside.Read(schedule, "");
        string[] beside = [.. ScheduleSpec.Beside.Keys.Select(key => key.Name)];
        if (schedule.Keys.Any() && schedule.Keys.All(beside.Contains)) return warm;
        return ChoiceReader.Read(map, ScheduleKey, ScheduleRegistry.All, example, beside) is ({ } choice, var inner)
            ? ChoiceReader.ReadOptions<ScheduleSpec>(choice, inner) with { WarmUp = warm.WarmUp }
            : warm;
    }

    /// <summary>The text of an optimizer, or null if there is none.</summary>
    public static string? Write(OptimizerSpec rule) => OptimizerRegistry.Find(rule.Kind) is { } named
        ? $"{{ {named.Write(rule)} }}"
        : rule == OwnSteps.Unnamed ? null : rule.Kind;

    /// <summary>The text of a schedule.</summary>
    public static string Write(ScheduleSpec schedule)
    {
        string beside = ScheduleSpec.Beside.WriteLine(schedule);
        return NamedChoice.Find(ScheduleRegistry.All, schedule.Kind) is { } named ? $"{{ {named.Write(schedule)}, {beside} }}" : $"{{ {beside} }}";
    }

    private static NamedChoice ChoiceOf(string name) =>
        OptimizerRegistry.Find(name) ?? new NamedChoice(name, "the model's own steps", new KeySet<OptimizerSpec>(new OwnSteps(name)));
}
