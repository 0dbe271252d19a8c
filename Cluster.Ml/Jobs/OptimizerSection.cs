using System.Globalization;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>The keys training.optimizer and training.schedule.</summary>
internal static class OptimizerSection
{
    private const string Above = "a number above 0", Decay = "a number from 0, below 1";

    /// <summary>The rules that turn the gradient of a batch into a step.</summary>
    public static readonly string[] Gradients = ["sgd", "adam", "rmsprop", "adadelta"];

    public static OptimizerSpec Read(JobMap map, LearnerKind? kind)
    {
        OptimizerSpec none = new("none", 0, 0, 0, 0, 0);
        if (kind is not null && kind.FormOf(kind.DefaultOptimizer.Kind).Refuses(Capability.Optimizer) is { } refusal)
        {
            map.Refuse("optimizer", refusal.Because, refusal.Advice);
            return none;
        }
        string[] known = kind is null ? [.. LearnerRegistry.All.SelectMany(other => other.Optimizers).Distinct()] : [.. kind.Optimizers];
        (string name, double? rate) = kind?.DefaultOptimizer ?? ("adam", null);
        JobNode? node = map.Node("optimizer");
        if (node is null or JobNode.Scalar)
            return Make(map.Word("optimizer", name, known), Nothing(map), rate);
        return One(map, "optimizer", "{ adam: { rate: 0.001 } }", known, []) is { } one ? Make(one, Inner(map, "optimizer", one), rate) : none;
    }

    public static ScheduleSpec? ReadSchedule(JobMap map)
    {
        if (!map.Has("schedule")) return null;
        const string example = "{ cosine: { minimum: 0.01 }, warm-up: 100 }";
        if (map.Map("schedule", example) is not { } schedule) return null;
        int warmUp = schedule.Whole("warm-up", 0, 0, int.MaxValue);
        bool only = schedule.Has("warm-up") && schedule.Keys.Count() == 1;
        string? kind = only ? "constant" : One(map, "schedule", example, ["step", "exponential", "cosine"], ["warm-up"]);
        if (kind is null or "constant") return new ScheduleSpec("constant", 1, 1, 1, warmUp);
        JobMap inner = Inner(map, "schedule", kind);
        static bool Share(double value) => value is > 0 and <= 1;
        ScheduleSpec spec = kind switch
        {
            "step" => new(kind, inner.Number("factor", 0.1, Share, "a number above 0, at most 1"), inner.Whole("every", 1, 1, JobDefaults.EpochsMax), 0, warmUp),
            "exponential" => new(kind, inner.Number("factor", 0.95, Share, "a number above 0, at most 1"), 1, 0, warmUp),
            _ => new(kind, 1, 1, inner.Number("minimum", 0, value => value is >= 0 and < 1, Decay), warmUp),
        };
        inner.Done();
        return spec;
    }

    /// <summary>The text of an optimizer, or null where there is none.</summary>
    public static string? Write(OptimizerSpec rule) => rule.Kind switch
    {
        "sgd" => $"{{ sgd: {{ rate: {Number(rule.Rate)}, momentum: {Number(rule.Momentum)}{(rule.Nesterov ? ", nesterov: true" : "")} }} }}",
        "adam" => $"{{ adam: {{ rate: {Number(rule.Rate)}, beta1: {Number(rule.Beta1)}, beta2: {Number(rule.Beta2)}, epsilon: {Number(rule.Epsilon)} }} }}",
        "rmsprop" => $"{{ rmsprop: {{ rate: {Number(rule.Rate)}, decay: {Number(rule.Beta2)}, epsilon: {Number(rule.Epsilon)}, momentum: {Number(rule.Momentum)} }} }}",
        "adadelta" => $"{{ adadelta: {{ rate: {Number(rule.Rate)}, decay: {Number(rule.Beta2)}, epsilon: {Number(rule.Epsilon)} }} }}",
        "newton" => "newton",
        _ => null,
    };

    /// <summary>The text of a schedule.</summary>
    public static string Write(ScheduleSpec schedule) => schedule.Kind switch
    {
        "step" => $"{{ step: {{ factor: {Number(schedule.Factor)}, every: {schedule.Every} }}, warm-up: {schedule.WarmUp} }}",
        "exponential" => $"{{ exponential: {{ factor: {Number(schedule.Factor)} }}, warm-up: {schedule.WarmUp} }}",
        "cosine" => $"{{ cosine: {{ minimum: {Number(schedule.Minimum)} }}, warm-up: {schedule.WarmUp} }}",
        _ => $"{{ warm-up: {schedule.WarmUp} }}",
    };

    private static OptimizerSpec Make(string kind, JobMap map, double? rate)
    {
        OptimizerSpec optimizer = kind switch
        {
            "sgd" => ReadSgd(map, rate ?? JobDefaults.SgdRate),
            "adam" => new OptimizerSpec(
                kind, map.Number("rate", JobDefaults.AdamRate, Positive, Above), 0,
                map.Number("beta1", JobDefaults.AdamBeta1, IsDecay, Decay), map.Number("beta2", JobDefaults.AdamBeta2, IsDecay, Decay),
                map.Number("epsilon", JobDefaults.AdamEpsilon, Positive, Above)),
            "rmsprop" => new OptimizerSpec(
                kind, map.Number("rate", JobDefaults.RmsPropRate, Positive, Above), map.Number("momentum", 0, IsDecay, Decay), 0,
                map.Number("decay", JobDefaults.RmsPropDecay, IsDecay, Decay), map.Number("epsilon", JobDefaults.AdamEpsilon, Positive, Above)),
            "adadelta" => new OptimizerSpec(
                kind, map.Number("rate", JobDefaults.AdadeltaRate, Positive, Above), 0, 0,
                map.Number("decay", JobDefaults.AdadeltaDecay, IsDecay, Decay), map.Number("epsilon", JobDefaults.AdadeltaEpsilon, Positive, Above)),
            _ => new OptimizerSpec(kind, 0, 0, 0, 0, 0),
        };
        map.Done();
        return optimizer;
    }

    private static OptimizerSpec ReadSgd(JobMap map, double rate)
    {
        OptimizerSpec sgd = new("sgd", map.Number("rate", rate, Positive, Above), map.Number("momentum", 0, IsDecay, Decay), 0, 0, 0)
        {
            Nesterov = map.Flag("nesterov", false),
        };
        if (sgd is { Nesterov: true, Momentum: 0 }) map.Fault("nesterov", "absent without momentum", "true", "add momentum: 0.9, or remove nesterov");
        return sgd;
    }

    /// <summary>The one key of some that a mapping has, or null; every other key but those beside it is a fault.</summary>
    private static string? One(JobMap map, string key, string example, string[] known, string[] beside)
    {
        if (map.Map(key, example) is not { } one) return null;
        string[] keys = [.. one.Keys.Except(beside)];
        if (keys.Length != 1)
        {
            map.Fault(
                key, $"exactly one of {string.Join(", ", known)}", keys.Length == 0 ? "none" : string.Join(" and ", keys), $"write {key}: {example}");
            return null;
        }
        foreach (string name in known.Concat(beside)) one.Has(name);
        one.Done();
        return known.Contains(keys[0]) ? keys[0] : null;
    }

    private static JobMap Inner(JobMap map, string key, string name) => map.Map(key, "")?.Map(name, "{ rate: 0.01 }") ?? Nothing(map);

    private static bool Positive(double value) => value > 0;

    private static bool IsDecay(double value) => value is >= 0 and < 1;

    private static JobMap Nothing(JobMap map) => new(new JobNode.Mapping(map.Place), "", map.Faults);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
