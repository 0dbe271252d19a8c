using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>Turns a job's tree into a job, every default filled in; notes every error on the way.</summary>
internal static class JobSchema
{
    private const int NameMax = 100, PriorityMax = 100;

    /// <summary>The job, without its text. Only to be used where no error was noted.</summary>
    public static JobSpec Read(JobNode.Mapping root, string fileName, string baseDirectory, JobErrors errors)
    {
        JobMap job = new(root, "", errors);
        string name = NameOf(job, fileName);
        ulong seed = job.Unsigned("seed", JobDefaults.Seed);
        JobMap? dataMap = Required(job, "data", "{ source: rows.csv, target: column }");
        JobMap? modelMap = Required(job, "model", "{ kind: softmax }");
        (ModelSpec model, LearnerKind? kind) = modelMap is null ? (new ModelSpec("", ModelOptions.None), null) : ModelSection.Read(modelMap, baseDirectory);
        DataSpec? data = dataMap is null ? null : DataSection.Read(dataMap, model, baseDirectory);
        JobMap? privacyMap = job.Map("privacy", "{ clip: 1.0, noise: 1.1, delta: 1e-5 }");
        JobMap? trainingMap = job.Map("training", "{ epochs: 20 }");
        TrainingSpec training = TrainingSection.Read(trainingMap ?? Empty(job), kind, model);
        PrivacySpec? privacy = privacyMap is null ? null : PrivacySection.Read(privacyMap, model.Kind, training);
        foreach (string key in new[] { "clip-norm", "clip-value" })
            if (privacy is not null && trainingMap is not null)
                trainingMap.Refuse(key, "with privacy, which clips each example's gradient", "remove it; privacy.clip bounds the gradients");
        if (dataMap is not null && modelMap is not null) AdaptSection.Check(dataMap, modelMap, data!, model, privacy is not null);
        if (privacy is not null && dataMap is not null) PrivacySection.RefuseFitted(dataMap, trainingMap, data!, model);
        JobMap? checkpointMap = job.Map("checkpoint", "{ every-steps: 50 }");
        CheckpointSpec checkpoint = ReadCheckpoint(checkpointMap ?? Empty(job));
        if (training.EarlyStopping is not null && data is { Split.Validation: 0 })
            trainingMap!.Error("early-stopping", "absent without a validation split", "set data.split.validation above 0");
        int priority = job.Whole("priority", 0, -PriorityMax, PriorityMax);
        job.Done();
        return new JobSpec(name, seed, data!, model, training, privacy, checkpoint, "", baseDirectory) { Priority = priority };
    }

    private static string NameOf(JobMap job, string fileName)
    {
        string stem = Path.GetFileNameWithoutExtension(fileName);
        string otherwise = IsName(stem) ? stem : "job";
        if (job.Text("name", NameMax) is not { } name) return otherwise;
        if (IsName(name)) return name;
        job.Error("name", $"1 to {NameMax} letters, digits, '-', '_' and '.', beginning with a letter or digit", "it names the run's folder");
        return otherwise;
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= NameMax && char.IsAsciiLetterOrDigit(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    private static JobMap? Required(JobMap job, string key, string example)
    {
        if (!job.Has(key))
            job.Errors.Add(job.Place, $"the key '{key}'", "none", $"add {key}: {example}");
        return job.Map(key, example);
    }

    private static JobMap Empty(JobMap job) => new(new JobNode.Mapping(job.Place), "", job.Errors);

    private static CheckpointSpec ReadCheckpoint(JobMap map)
    {
        CheckpointSpec checkpoint = new(
            map.Whole("every-steps", 0, 0, int.MaxValue), map.Whole("keep", JobDefaults.CheckpointsKept, 1, 1000));
        map.Done();
        return checkpoint;
    }
}
