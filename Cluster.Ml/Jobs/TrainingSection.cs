using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>The key training: what its keys cannot say, because it depends on the model.</summary>
internal static class TrainingSection
{
    /// <summary>Keys that ask for a capability.</summary>
    private static readonly KeyValuePair<string, Capability>[] s_asked =
        [new("schedule", Capability.Schedule), new("clip-norm", Capability.ClipNorm), new("clip-value", Capability.ClipValue)];

    public static TrainingSpec Read(JobMap map, LearnerKind? kind, ModelSpec model)
    {
        OptimizerSpec optimizer = OptimizerSection.Read(map, kind);
        LearnerForm? form = kind?.FormOf(optimizer.Kind);
        int epochs = kind?.EpochsOf(model.Options) ?? (form is { FullBatch: false } ? TrainingSpec.UsualEpochs : TrainingSpec.UsualFullBatchEpochs);
        TrainingSpec training = (TrainingSpec)TrainingSpec.Declared.Read(map, "", TrainingSpec.Declared.Defaults with { Optimizer = optimizer, Epochs = epochs });
        if (form is not null) Judge(map, form, training);
        if (training.EarlyStopping is not null && kind is not null) JudgeStopping(map, kind, model);
        if (training.Adversarial is not null && kind is not null && form is not null) JudgeAdversarial(map, kind, form, model);
        ExchangeSection.Judge(map, form, training);
        map.Done();
        return training;
    }

    /// <summary>Notes every key that asks for what the learner is not capable of.</summary>
    private static void Judge(JobMap map, LearnerForm form, TrainingSpec training)
    {
        foreach ((string key, Capability capability) in s_asked)
            if (form.Refuses(capability) is { } refusal) map.Refuse(key, refusal.Because, refusal.Advice);
        if (training.Optimizer.State is { } state && form.Refuses(Capability.OptimizerState) is { } plain)
            map.Error("optimizer", $"without {state} {plain.Because}", plain.Advice);
        if (training.Regularize is not { L1: 0, L2: 0 } && form.Refuses(Capability.Penalties) is { } free)
            map.Error("regularize", $"absent {free.Because}", free.Advice);
    }

    private static void JudgeAdversarial(JobMap map, LearnerKind kind, LearnerForm form, ModelSpec model)
    {
        if (form.Refuses(Capability.InputGradients) is { } refusal) map.Refuse("adversarial", refusal.Because, refusal.Advice);
        else if (kind.OutputOf(model.Options) != OutputForm.Class) map.Refuse("adversarial", $"with kind: {kind.Name}, which tells no classes", "remove it");
    }

    /// <summary>A model whose figures have no direction has no best epoch.</summary>
    private static void JudgeStopping(JobMap map, LearnerKind kind, ModelSpec model)
    {
        if (kind.FiguresOf(model.Options).All(figure => figure.Better == Better.Neither))
            map.Error("early-stopping", $"absent with kind: {kind.Name}, none of whose figures says which epoch is the best", "remove it");
    }
}
