namespace Cluster.Ml.Jobs;

/// <summary>The key training.</summary>
internal static class TrainingSection
{
    public static TrainingSpec Read(JobMap map, string kind)
    {
        OptimizerSpec optimizer = ReadOptimizer(map, kind);
        bool fullBatch = !ModelKinds.FollowsGradients(kind) || optimizer.Kind == "newton";
        int epochs = map.Whole("epochs", fullBatch ? JobDefaults.FullBatchEpochs : JobDefaults.Epochs, 1, JobDefaults.EpochsMax);
        int microBatches = ReadMicroBatches(map);
        int batch = ReadBatch(map, microBatches);
        RegularizeSpec regularize = ReadRegularize(map.Map("regularize", "{ l2: 0.0001 }"));
        EarlyStoppingSpec? early = ReadEarlyStopping(map.Map("early-stopping", "{ patience: 5 }"));
        double tolerance = map.Number("tolerance", JobDefaults.Tolerance, value => value >= 0, "a number from 0");
        double? clip = map.Number("clip-norm", value => value > 0, "a number above 0");
        if (clip is not null && kind is not ModelKinds.LanguageModel) map.Refuse("clip-norm", $"with kind: {kind}", "only language-model has it; remove it");
        OnlyDefault(map, "mode", "synchronous");
        SpeculationSpec? speculation = ExchangeSection.ReadSpeculation(map);
        OnlyDefault(map, "aggregate", "mean");
        map.Done();
        return new TrainingSpec(epochs, batch, microBatches, optimizer, regularize, early, tolerance) { Speculation = speculation, ClipNorm = clip };
    }

    private static int ReadMicroBatches(JobMap map)
    {
        int count = map.Whole("micro-batches", JobDefaults.MicroBatches, 1, JobDefaults.MicroBatchesMax);
        if (int.IsPow2(count)) return count;
        map.Fault("micro-batches", $"a power of two from 1 to {JobDefaults.MicroBatchesMax}", "write 1, 2, 4, 8, 16, …");
        return JobDefaults.MicroBatches;
    }

    private static int ReadBatch(JobMap map, int microBatches)
    {
        int batch = map.Whole("batch", Math.Max(JobDefaults.Batch, microBatches), 1, JobDefaults.BatchMax);
        if (batch % microBatches != 0)
            map.Fault(
                "batch", $"a multiple of training.micro-batches ({microBatches})",
                $"write {Math.Max(microBatches, batch / microBatches * microBatches)} or {(batch / microBatches * microBatches) + microBatches}, or fewer micro-batches");
        return batch;
    }

    private static OptimizerSpec ReadOptimizer(JobMap map, string kind)
    {
        OptimizerSpec none = new("none", 0, 0, 0, 0, 0);
        if (kind.Length > 0 && !ModelKinds.FollowsGradients(kind))
        {
            map.Refuse("optimizer", $"with kind: {kind}", "this model has steps of its own; remove it");
            return none;
        }
        string[] known = kind is ModelKinds.Logistic or "" ? ["sgd", "adam", "newton"] : ["sgd", "adam"];
        JobNode? node = map.Node("optimizer");
        if (node is null or JobNode.Scalar)
            return Make(map.Word("optimizer", "adam", known), Nothing(map));
        if (map.Map("optimizer", "{ adam: { rate: 0.001 } }") is not { } one) return none;
        string[] keys = [.. one.Keys];
        if (keys.Length != 1)
        {
            map.Fault(
                "optimizer", $"exactly one of {string.Join(", ", known)}", keys.Length == 0 ? "none" : string.Join(" and ", keys),
                "write optimizer: { adam: { rate: 0.001 } }");
            return none;
        }
        foreach (string name in known) one.Has(name);
        one.Done();
        if (!known.Contains(keys[0])) return none;
        return Make(keys[0], one.Map(keys[0], "{ rate: 0.01 }") ?? Nothing(map));
    }

    private static OptimizerSpec Make(string kind, JobMap map)
    {
        static bool Positive(double value) => value > 0;
        static bool Decay(double value) => value is >= 0 and < 1;
        const string above = "a number above 0", decay = "a number from 0, below 1";
        OptimizerSpec optimizer = kind switch
        {
            "sgd" => new OptimizerSpec(
                kind, map.Number("rate", JobDefaults.SgdRate, Positive, above), map.Number("momentum", 0, Decay, decay), 0, 0, 0),
            "adam" => new OptimizerSpec(
                kind, map.Number("rate", JobDefaults.AdamRate, Positive, above), 0,
                map.Number("beta1", JobDefaults.AdamBeta1, Decay, decay), map.Number("beta2", JobDefaults.AdamBeta2, Decay, decay),
                map.Number("epsilon", JobDefaults.AdamEpsilon, Positive, above)),
            _ => new OptimizerSpec(kind, 0, 0, 0, 0, 0),
        };
        map.Done();
        return optimizer;
    }

    private static RegularizeSpec ReadRegularize(JobMap? map)
    {
        if (map is null) return new RegularizeSpec(0, 0);
        RegularizeSpec regularize = new(
            map.Number("l1", 0, value => value >= 0, "a number from 0"), map.Number("l2", 0, value => value >= 0, "a number from 0"));
        map.Done();
        return regularize;
    }

    private static EarlyStoppingSpec? ReadEarlyStopping(JobMap? map)
    {
        if (map is null) return null;
        EarlyStoppingSpec early = new(
            map.Whole("patience", JobDefaults.Patience, 1, JobDefaults.EpochsMax),
            map.Number("minimum-gain", 0, value => value >= 0, "a number from 0"));
        map.Done();
        return early;
    }

    /// <summary>A key whose other values belong to features that this version does not have.</summary>
    private static void OnlyDefault(JobMap map, string key, string value)
    {
        if (map.Node(key) is { } node && (node as JobNode.Scalar)?.Text != value)
            map.Fault(key, value, $"this version accepts only {key}: {value}");
    }

    private static JobMap Nothing(JobMap map) => new(new JobNode.Mapping(map.Place), "", map.Faults);
}
