namespace Cluster.Ml.Jobs;

/// <summary>The key training.</summary>
internal static class TrainingSection
{
    public static TrainingSpec Read(JobMap map, string kind)
    {
        OptimizerSpec optimizer = OptimizerSection.Read(map, kind);
        bool fullBatch = !ModelKinds.FollowsGradients(kind) || optimizer.Kind == "newton";
        int epochs = map.Whole("epochs", fullBatch ? JobDefaults.FullBatchEpochs : JobDefaults.Epochs, 1, JobDefaults.EpochsMax);
        int microBatches = ReadMicroBatches(map);
        int batch = ReadBatch(map, microBatches);
        RegularizeSpec regularize = ReadRegularize(map.Map("regularize", "{ l2: 0.0001 }"));
        EarlyStoppingSpec? early = ReadEarlyStopping(map.Map("early-stopping", "{ patience: 5 }"));
        double tolerance = map.Number("tolerance", JobDefaults.Tolerance, value => value >= 0, "a number from 0");
        double? clipNorm = map.Number("clip-norm", value => value > 0, "a number above 0");
        double? clipValue = map.Number("clip-value", value => value > 0, "a number above 0");
        if (kind is ModelKinds.LanguageModel) map.Refuse("clip-value", $"with kind: {kind}", "clip-norm bounds its gradients; remove it");
        if (kind is ModelKinds.Word2Vec) RequirePlain(map, optimizer, regularize);
        TrainingMode mode = ExchangeSection.ReadMode(map, kind, optimizer);
        SpeculationSpec? speculation = ExchangeSection.ReadSpeculation(map, mode);
        CompressionSpec? compression = CompressionSection.Read(map, kind, optimizer, mode, speculation);
        int servers = ExchangeSection.ReadServers(map, kind, optimizer, mode, compression);
        OnlyDefault(map, "aggregate", "mean");
        if (fullBatch && kind.Length > 0)
            foreach (string key in new[] { "schedule", "clip-norm", "clip-value" })
                map.Refuse(key, "with steps over all rows", "it belongs to models that follow gradients; remove it");
        ScheduleSpec? schedule = OptimizerSection.ReadSchedule(map);
        map.Done();
        return new TrainingSpec(epochs, batch, microBatches, optimizer, regularize, early, tolerance)
        {
            Mode = mode,
            Speculation = speculation,
            Compression = compression,
            Servers = servers,
            Schedule = schedule,
            ClipNorm = clipNorm,
            ClipValue = clipValue,
        };
    }

    /// <summary>Vectors of words go straight down a gradient of few rows: nothing may be kept or added for all of them.</summary>
    private static void RequirePlain(JobMap map, OptimizerSpec optimizer, RegularizeSpec regularize)
    {
        if (optimizer.Momentum != 0)
            map.Fault("optimizer", "without momentum, with kind: word2vec", "a step moves only the words that it saw; remove momentum");
        if (regularize is not { L1: 0, L2: 0 })
            map.Fault("regularize", "absent with kind: word2vec", "a step moves only the words that it saw; remove it");
        foreach (string key in new[] { "schedule", "clip-norm", "clip-value" })
            map.Refuse(key, "with kind: word2vec", "its rate falls in a straight line, and each window is a step; remove it");
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
}
