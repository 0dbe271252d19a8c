using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn.Optimizers;

namespace Cluster.Ml.Jobs;

/// <summary>The keys training.optimizer and training.schedule: a word, or a mapping of that word to keys of its own.</summary>
internal static class OptimizerSection
{
    private const string Key = "optimizer", ScheduleKey = "schedule", WarmUp = "warm-up";

    public static OptimizerSpec Read(JobMap map, LearnerKind? kind)
    {
        OptimizerSpec otherwise = kind?.DefaultOptimizer ?? new AdamOptions();
        if (kind?.FormOf(otherwise.Kind).Refuses(Capability.Optimizer) is { } refusal)
        {
            map.Refuse(Key, refusal.Because, refusal.Advice);
            return OwnSteps.Unnamed;
        }
        string[] known = kind is null ? [.. LearnerRegistry.All.SelectMany(other => other.Optimizers).Distinct()] : [.. kind.Optimizers];
        string? name = map.Node(Key) is null or JobNode.Scalar
            ? map.Word(Key, otherwise.Kind, known)
            : One(map, Key, "{ adam: { rate: 0.001 } }", known, []);
        if (name is null) return otherwise;
        JobMap inner = map.Node(Key) is JobNode.Mapping ? Inner(map, Key, name) : Nothing(map);
        if (OptimizerRegistry.Find(name) is { } rule)
            return ReadDone<OptimizerSpec>(rule, inner, otherwise.Kind == name ? otherwise : null);
        inner.Done();
        return new OwnSteps(name);
    }

    public static ScheduleSpec? ReadSchedule(JobMap map)
    {
        if (!map.Has(ScheduleKey)) return null;
        const string example = "{ cosine: { minimum: 0.01 }, warm-up: 100 }";
        if (map.Map(ScheduleKey, example) is not { } schedule) return null;
        int warmUp = schedule.Whole(WarmUp, 0, 0, int.MaxValue);
        bool only = schedule.Has(WarmUp) && schedule.Keys.Count() == 1;
        string? kind = only ? null : One(map, ScheduleKey, example, ScheduleRegistry.Names, [WarmUp]);
        ScheduleSpec spec = ScheduleRegistry.All.FirstOrDefault(choice => choice.Name == kind) is { } named
            ? ReadDone<ScheduleSpec>(named, Inner(map, ScheduleKey, named.Name), null)
            : new WarmUpSchedule();
        return spec with { WarmUp = warmUp };
    }

    /// <summary>The text of an optimizer, or null where there is none.</summary>
    public static string? Write(OptimizerSpec rule) => OptimizerRegistry.Find(rule.Kind) is { } named
        ? $"{{ {named.Write(rule)} }}"
        : rule == OwnSteps.Unnamed ? null : rule.Kind;

    /// <summary>The text of a schedule.</summary>
    public static string Write(ScheduleSpec schedule) => ScheduleRegistry.All.FirstOrDefault(choice => choice.Name == schedule.Kind) is { } named
        ? $"{{ {named.Write(schedule)}, {WarmUp}: {schedule.WarmUp} }}"
        : $"{{ {WarmUp}: {schedule.WarmUp} }}";

    private static T ReadDone<T>(NamedChoice choice, JobMap map, T? defaults)
        where T : class
    {
        T options = (T)choice.Options.Read(map, "", defaults);
        map.Done();
        return options;
    }

    /// <summary>The one key of some that a mapping has, or null; every other key but those beside it is an error.</summary>
    private static string? One(JobMap map, string key, string example, IReadOnlyList<string> known, string[] beside)
    {
        if (map.Map(key, example) is not { } one) return null;
        string[] keys = [.. one.Keys.Except(beside)];
        if (keys.Length != 1)
        {
            map.Error(
                key, $"exactly one of {string.Join(", ", known)}", keys.Length == 0 ? "none" : string.Join(" and ", keys), $"write {key}: {example}");
            return null;
        }
        foreach (string name in known.Concat(beside)) one.Know(name);
        one.Done();
        return known.Contains(keys[0]) ? keys[0] : null;
    }

    private static JobMap Inner(JobMap map, string key, string name) => map.Map(key, "")?.Map(name, "{ rate: 0.01 }") ?? Nothing(map);

    private static JobMap Nothing(JobMap map) => new(new JobNode.Mapping(map.Place), "", map.Errors);
}
