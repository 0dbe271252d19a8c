using Cluster.Ml.Data;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>Turns a job's tree into a job, every default filled in; notes every error on the way.</summary>
internal static class JobSchema
{
    /// <summary>The job, without its text. Only to be used if no error was noted.</summary>
    public static JobSpec Read(JobNode.Mapping root, string fileName, string baseDirectory, JobErrors errors)
    {
        JobMap job = new(root, "", errors);
        foreach (JobKey key in JobSpec.Declared.Keys) job.Know(key.Name);
        JobMap? dataMap = job.Map("data", JobSpec.DataExample), modelMap = job.Map("model", JobSpec.ModelExample);
        (ModelSpec model, LearnerKind? kind) = modelMap is null ? (new ModelSpec("", ModelOptions.None), null) : ModelSection.Read(modelMap, baseDirectory);
        DataForm.Episodes? episodes = kind?.DataOf(model.Options) as DataForm.Episodes;
        DataSpec? data = dataMap is null || episodes is not null ? null : DataSection.Read(dataMap, model, baseDirectory);
        JobMap? privacyMap = job.Map("privacy", PrivacySpec.Example), trainingMap = job.Map("training", "{ epochs: 20 }");
        TrainingSpec training = TrainingSection.Read(trainingMap ?? new JobMap(new JobNode.Mapping(job.Place), "", errors), kind, model);
        if (episodes is not null) data = DataSection.OfEpisodes(episodes, training.Batch);
        PrivacySpec? privacy = privacyMap is null ? null : PrivacySection.Read(privacyMap, model.Kind, training);
        string stem = Path.GetFileNameWithoutExtension(fileName);
        JobSpec given = JobSpec.Declared.Defaults with
        {
            Name = IsName(stem) ? stem : "job",
            Data = data!,
            Model = model,
            Training = training,
            Privacy = privacy,
            BaseDirectory = baseDirectory,
        };
        JobSpec read = (JobSpec)JobSpec.Declared.Read(job, baseDirectory, given);
        if (!IsName(read.Name))
            job.Error("name", $"1 to {JobSpec.NameMax} letters, digits, '-', '_' and '.', beginning with a letter or digit", "it names the run's folder");
        JudgeTogether(read, dataMap, modelMap, trainingMap);
        if (read.Tune is { By: not null } tune && kind is not null) TuneSection.JudgeFigure(job.Map("tune", TuneSection.Example)!, tune, kind, model.Options);
        job.Done();
        return read;
    }

    /// <summary>Notes what keys of different sections say against each other.</summary>
    private static void JudgeTogether(JobSpec job, JobMap? data, JobMap? model, JobMap? training)
    {
        foreach (string key in new[] { "clip-norm", "clip-value" })
            if (job.Privacy is not null && training is not null)
                training.Refuse(key, "with privacy, which clips each example's gradient", "remove it; privacy.clip bounds the gradients");
        if (data is not null && model is not null) JudgeDomains(job, data, model);
        if (job.Privacy is not null && data is not null) PrivacySection.RefuseFitted(data, training, job.Data, job.Model);
        if (job.Training.EarlyStopping is not null && job.Data is { Split.Validation: 0 })
            training!.Error("early-stopping", "absent without a validation split", $"set {(job.Plays ? "model.validation-episodes" : "data.split.validation")} above 0");
    }

    /// <summary>Reports an error if one of data.adapt-to and model.adapt stands without the other, or with what does not go with it.</summary>
    private static void JudgeDomains(JobSpec job, JobMap data, JobMap model)
    {
        AdaptSpec? adapt = job.Model.Options.Adaptation;
        if (job.Data.AdaptTo is null && adapt is not null)
            model.Refuse("adapt", "without data.adapt-to", "name the rows of the other domain by data.adapt-to");
        if (job.Data.AdaptTo is not null && adapt is null)
            data.Refuse("adapt-to", "without model.adapt", $"write adapt: {AdaptSpec.Example} under model");
        if (job.Privacy is not null && adapt is not null)
            model.Refuse("adapt", "with privacy", "the accountant knows rows of one domain only; remove one of them");
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= JobSpec.NameMax && char.IsAsciiLetterOrDigit(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
