using Cluster.Ml.Data;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Learning;
using Cluster.Ml.Tasks.Tuning;

namespace Cluster.Ml.Jobs;

/// <summary>A job as it was read from its file, every default filled in. A pure value: equal text gives an equal job.</summary>
/// <param name="Name">Names the run directory.</param>
/// <param name="Seed">Every random number is keyed by it.</param>
/// <param name="Data">Where the rows come from and how they are split and scaled.</param>
/// <param name="Model">What is learned.</param>
/// <param name="Training">How.</param>
/// <param name="Privacy">Differential privacy, or null.</param>
/// <param name="Checkpoint">When checkpoints are taken.</param>
/// <param name="Text">The job in full, overrides applied, defaults written out: what travels to the workers. It reads back as this job.</param>
/// <param name="BaseDirectory">What relative data paths are relative to.</param>
public sealed record JobSpec(
    string Name, ulong Seed, DataSpec Data, ModelSpec Model, TrainingSpec Training, PrivacySpec? Privacy,
    CheckpointSpec Checkpoint, string Text, string BaseDirectory)
{
    /// <summary>The keys of a job.</summary>
    internal static readonly KeySet<JobSpec> Declared = new KeySet<JobSpec>(new(
            "", JobDefaults.Seed, DataSpec.Declared.Defaults, new ModelSpec("", ModelOptions.None), TrainingSpec.Declared.Defaults, null,
            CheckpointSpec.Declared.Defaults, "", ""))
        .Text("name", "Names the job and its folder of runs.", o => o.Name, (o, value) => o with { Name = value }, NameMax, "the file's name", "^[A-Za-z0-9][A-Za-z0-9._-]*$")
        .Unsigned("seed", "What every random number is keyed by.", o => o.Seed, (o, value) => o with { Seed = value })
        .Only("a model that learns from data", o => !o.Plays, "beside a model that plays episodes of an environment", "its data are the episodes; remove it", keys => keys
            .Part(
                "data", "Where the rows come from, and how they are split and scaled.", DataExample, () => DataSpec.Declared.Keys,
                o => DataSpec.Declared.WriteLines(o.Data, 1)))
        .Part("model", "What is learned.", ModelExample, () => [ModelSection.KindKey], ModelSection.WriteLines, () => ModelSection.Choices)
        .Part(
            "training", "How it is learned.", "", () => TrainingSpec.Declared.Keys, o => TrainingSpec.Declared.WriteLines(o.Training, 1),
            otherwise: "the defaults of its keys")
        .Part(
            "privacy", "Differential privacy of the training rows.", "", () => PrivacySpec.Declared.Keys,
            o => o.Privacy is { } privacy ? PrivacySpec.Declared.WriteLines(privacy, 1) : null, otherwise: "none")
        .Section(
            "checkpoint", "When checkpoints are taken.", "{ every-steps: 50 }", o => o.Checkpoint, (o, value) => o with { Checkpoint = value },
            CheckpointSpec.Declared, otherwise: "at the end of epochs")
        .Section(
            "tune", "What `cluster tune` searches; training does not look at it.", TuneSection.Example, o => o.Tune, (o, value) => o with { Tune = value },
            TuneSection.Declared)
        .Whole("priority", "Of the jobs that wait, the one with the highest begins first.", o => o.Priority, (o, value) => o with { Priority = value }, -100, 100)
        .Written(_ => false);

    /// <summary>Values of the two keys that every job has, for a message.</summary>
    internal const string DataExample = "{ source: rows.csv, target: column }", ModelExample = "{ kind: softmax }";

    /// <summary>The most characters of a name.</summary>
    internal const int NameMax = 100;

    /// <summary>
    /// Of the jobs that wait, the one with the highest begins first: −100 to 100, by default 0. No part of <see cref="Text"/>, as it
    /// says nothing about the model.
    /// </summary>
    public int Priority { get; init; }

    /// <summary>What model.task was taken to be, and why, where the job's file leaves it out: "regression, as column 'y' holds numbers with decimals"; else null. No part of <see cref="Text"/>.</summary>
    public string? TaskFound { get; init; }

    /// <summary>What `cluster tune` searches; null if the job does not say. Training does not look at it.</summary>
    public TuneSpec? Tune { get; init; }

    /// <summary>Whether the model plays episodes of an environment, and reads no data.</summary>
    internal bool Plays => LearnerRegistry.Find(Model.Kind)?.DataOf(Model.Options) is DataForm.Episodes;

    /// <summary>The kind of learner that the job names.</summary>
    internal LearnerKind Learner => LearnerRegistry.Of(Model.Kind);

    /// <summary>How that learner trains with the job's update rule.</summary>
    internal LearnerForm Form => Learner.FormOf(Training.Optimizer.Kind);
}
