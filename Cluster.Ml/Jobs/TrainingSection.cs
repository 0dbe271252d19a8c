using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>The key training.</summary>
internal static class TrainingSection
{
    /// <summary>Keys that ask for a capability.</summary>
    private static readonly KeyValuePair<string, Capability>[] s_asked =
        [new("schedule", Capability.Schedule), new("clip-norm", Capability.ClipNorm), new("clip-value", Capability.ClipValue)];

    public static TrainingSpec Read(JobMap map, LearnerKind? kind, ModelSpec model)
    {
        OptimizerSpec optimizer = OptimizerSection.Read(map, kind);
        LearnerForm? form = kind?.FormOf(optimizer.Kind);
        int epochs = map.Whole("epochs", form is { FullBatch: false } ? JobDefaults.Epochs : JobDefaults.FullBatchEpochs, 1, JobDefaults.EpochsMax);
        int microBatches = ReadMicroBatches(map);
        int batch = ReadBatch(map, microBatches);
        RegularizeSpec regularize = ReadRegularize(map.Map("regularize", "{ l2: 0.0001 }"));
        EarlyStoppingSpec? early = ReadEarlyStopping(map.Map("early-stopping", "{ patience: 5 }"));
        double tolerance = map.Number("tolerance", JobDefaults.Tolerance, value => value >= 0, "a number from 0");
        double? clipNorm = map.Number("clip-norm", value => value > 0, "a number above 0");
        double? clipValue = map.Number("clip-value", value => value > 0, "a number above 0");
        ScheduleSpec? schedule = OptimizerSection.ReadSchedule(map);
        if (form is not null) Judge(map, form, optimizer, regularize);
        if (early is not null && kind is not null) JudgeStopping(map, kind, model);
        TrainingMode mode = ExchangeSection.ReadMode(map, form, optimizer);
        SpeculationSpec? speculation = ExchangeSection.ReadSpeculation(map, mode);
        CompressionSpec? compression = CompressionSection.Read(map, form, mode, speculation);
        int servers = ExchangeSection.ReadServers(map, form, mode, compression);
        OnlyDefault(map, "aggregate", "mean");
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

    /// <summary>Notes every key that asks for what the learner is not capable of.</summary>
    private static void Judge(JobMap map, LearnerForm form, OptimizerSpec optimizer, RegularizeSpec regularize)
    {
        foreach ((string key, Capability capability) in s_asked)
            if (form.Refuses(capability) is { } refusal) map.Refuse(key, refusal.Because, refusal.Advice);
        if (optimizer.State is { } state && form.Refuses(Capability.OptimizerState) is { } plain)
            map.Error("optimizer", $"without {state} {plain.Because}", plain.Advice);
        if (regularize is not { L1: 0, L2: 0 } && form.Refuses(Capability.Penalties) is { } free)
            map.Error("regularize", $"absent {free.Because}", free.Advice);
    }

    /// <summary>A model whose figures have no direction has no best epoch.</summary>
    private static void JudgeStopping(JobMap map, LearnerKind kind, ModelSpec model)
    {
        if (kind.FiguresOf(model.Options).All(figure => figure.Better == Better.Neither))
            map.Error("early-stopping", $"absent with kind: {kind.Name}, none of whose figures says which epoch is the best", "remove it");
    }

    private static int ReadMicroBatches(JobMap map)
    {
        int count = map.Whole("micro-batches", JobDefaults.MicroBatches, 1, JobDefaults.MicroBatchesMax);
        if (int.IsPow2(count)) return count;
        map.Error("micro-batches", $"a power of two from 1 to {JobDefaults.MicroBatchesMax}", "write 1, 2, 4, 8, 16, …");
        return JobDefaults.MicroBatches;
    }

    private static int ReadBatch(JobMap map, int microBatches)
    {
        int batch = map.Whole("batch", Math.Max(JobDefaults.Batch, microBatches), 1, JobDefaults.BatchMax);
        if (batch % microBatches != 0)
            map.Error(
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
            map.Error(key, value, $"this version accepts only {key}: {value}");
    }
}
