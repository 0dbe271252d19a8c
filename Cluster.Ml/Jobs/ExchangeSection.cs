using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>The keys of training that say how parameter server and workers exchange what they compute.</summary>
internal static class ExchangeSection
{
    /// <summary>How contributions become steps: synchronous, { stale: { bound: 4 } } or { local-sgd: { steps: 8 } }.</summary>
    public static TrainingMode ReadMode(JobMap map, LearnerForm? form, OptimizerSpec optimizer)
    {
        TrainingMode mode = ReadMode(map);
        if (mode is TrainingMode.Synchronous || form is null) return mode;
        bool stale = mode is TrainingMode.Stale;
        string name = stale ? "stale" : "local-sgd";
        if (form.Refuses(stale ? Capability.Staleness : Capability.LocalSteps) is { } refusal)
            map.Error("mode", $"synchronous {refusal.Because}", name, refusal.Advice);
        else if (mode is TrainingMode.LocalSgd && !optimizer.MayBeAveraged)
            map.Error("mode", $"synchronous or stale with optimizer {optimizer.Kind}, whose moments cannot be averaged", name, "write optimizer: { sgd: { rate: 0.1 } }");
        return mode;
    }

    /// <summary>Whether late micro-batches are computed twice: none, or { after: 3 }.</summary>
    public static SpeculationSpec? ReadSpeculation(JobMap map, TrainingMode mode)
    {
        if (map.Node("speculation") is null or JobNode.Scalar { Text: "none" }) return null;
        if (map.Map("speculation", "none or { after: 3 }") is not { } rule) return null;
        SpeculationSpec speculation = new(
            rule.Number("after", JobDefaults.SpeculationAfter, value => value is >= 1 and <= 1000, "a number from 1 to 1000"));
        rule.Done();
        if (mode is TrainingMode.Stale) map.Refuse("speculation", "with mode stale", "no step waits for a late worker there; remove it");
        return speculation;
    }

    /// <summary>How many servers keep the parameters, each a range of them.</summary>
    public static int ReadServers(JobMap map, LearnerForm? form, TrainingMode mode, CompressionSpec? compression)
    {
        int servers = map.Whole("servers", 1, 1, JobDefaults.ServersMax);
        if (servers == 1) return 1;
        if (form?.Refuses(Capability.Servers) is { } refusal)
            map.Error("servers", $"1 {refusal.Because}", refusal.Advice);
        else if (mode is TrainingMode.Stale)
            map.Error("servers", "1 with mode stale, which sends each worker the state of its own moment", "write servers: 1, or mode: synchronous");
        else if (compression is not null)
            map.Error("servers", "1 with compression, whose codes are not cut into ranges", "write servers: 1, or compression: none");
        return servers;
    }

    private static TrainingMode ReadMode(JobMap map)
    {
        const string example = "synchronous, { stale: { bound: 4 } } or { local-sgd: { steps: 8 } }";
        JobNode? node = map.Node("mode");
        if (node is null or JobNode.Scalar { Text: "synchronous" }) return TrainingMode.Synchronous.Instance;
        if (node is JobNode.Scalar { Text: "stale" }) return new TrainingMode.Stale(JobDefaults.StalenessBound);
        if (node is JobNode.Scalar { Text: "local-sgd" }) return new TrainingMode.LocalSgd(JobDefaults.LocalSteps);
        if (map.Map("mode", example) is not { } one) return TrainingMode.Synchronous.Instance;
        JobMap? stale = one.Map("stale", "{ bound: 4 }"), local = one.Map("local-sgd", "{ steps: 8 }");
        one.Done();
        if (one.Keys.Count() != 1)
        {
            map.Error("mode", "exactly one of stale and local-sgd", string.Join(" and ", one.Keys.DefaultIfEmpty("none")), $"write mode: {example}");
            return TrainingMode.Synchronous.Instance;
        }
        TrainingMode mode = stale is not null ? new TrainingMode.Stale(stale.Whole("bound", JobDefaults.StalenessBound, 0, JobDefaults.StalenessBoundMax))
            : local is not null ? new TrainingMode.LocalSgd(local.Whole("steps", JobDefaults.LocalSteps, 1, JobDefaults.LocalStepsMax))
            : TrainingMode.Synchronous.Instance;
        stale?.Done();
        local?.Done();
        return mode;
    }
}
