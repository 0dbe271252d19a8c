using Cluster.Ml.Data;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>The key privacy.</summary>
internal static class PrivacySection
{
    /// <summary>The key, and what does not go with it.</summary>
    public static PrivacySpec Read(JobMap map, string kind, TrainingSpec training)
    {
        PrivacySpec privacy = (PrivacySpec)PrivacySpec.Declared.Read(map, "");
        if (LearnerRegistry.Find(kind)?.FormOf(training.Optimizer.Kind) is { } form && form.Refuses(Capability.Privacy) is { } refusal)
            map.Errors.Add(
                map.Place, $"privacy only where single examples' gradients are clipped: {LearnerRegistry.NamesWhere(known => known.Can(Capability.Privacy))}",
                form.Name, refusal.Advice);
        if (training.Mode is not TrainingMode.Synchronous)
            map.Errors.Add(
                map.Place, "privacy only with training.mode synchronous, where each step's noise covers each step's batch",
                training.Mode.Name, "write mode: synchronous, or remove privacy");
        if (training.Compression is { } compression)
            map.Errors.Add(
                map.Place, "privacy only without training.compression, which the bound on a row's share of a step does not cover",
                compression.Name, "remove compression, or remove privacy");
        if (training.KeepsApart)
            map.Errors.Add(
                map.Place, "privacy only with training.aggregate mean and honest micro-batches, whose sum the noise is made for",
                training.Attack is null ? training.Aggregate.Name : "training.attack", "remove it, or remove privacy");
        map.Done();
        return privacy;
    }

    /// <summary>What is looked for in private rows stands in the model, or decides on it, and no ε covers it: it has to be given.</summary>
    public static void RefuseFitted(JobMap data, JobMap? training, DataSpec spec, ModelSpec model)
    {
        bool fitted = spec.Scale == ScaleKind.Standard || (spec.Scale == ScaleKind.MinMax && spec.Bounds is null);
        if (fitted)
            data.Error(
                "scale", "none, unit255 or given bounds where training is private: what is fitted to private rows stands in the model, and no epsilon covers it",
                "write scale: { minmax: [ 0, 16 ] } with bounds that are known without looking at the rows");
        if (spec.Missing is not MissingKind.Refuse and not MissingKind.Drop)
            data.Error(
                "missing", "refuse or drop where training is private: what is fitted to private rows stands in the model, and no epsilon covers it",
                "leave rows out with missing: drop, or fill values in before, by what is known without looking at the rows");
        if (spec.Encode?.IsFitted == true)
            data.Error(
                "encode", "none, or a mapping of columns to date or number where training is private: categories that were found in private rows stand in the model, and no epsilon covers them",
                "write columns of 0 and 1 into the table, by categories that are known without looking at the rows");
        if (LearnerRegistry.Find(model.Kind)?.Can(Capability.Privacy) == true && PreparedData.TargetOf(model) == TargetKind.Class && spec.Text is null && spec.Classes.Count == 0)
            data.Errors.Add(
                data.Place, "data.classes where training is private: a list of classes that was found in private rows stands in the model, and no epsilon covers it", "none",
                "write classes: [ no, yes ] with all classes that there may be");
        training?.Refuse("early-stopping", "with privacy: it would choose by private rows, and no epsilon covers that", "remove it");
    }
}
