using System.Globalization;
using System.Text;
using Cluster.Ml.Learning;

namespace Cluster.Ml.Jobs;

/// <summary>Writes a job as text with every default filled in: the text that travels, and that reads back as the same job.</summary>
internal static class JobText
{
    public static string Write(JobSpec job)
    {
        StringBuilder text = new();
        Line(text, 0, "name", Quote(job.Name));
        Line(text, 0, "seed", job.Seed.ToString(CultureInfo.InvariantCulture));
        WriteData(text, job.Data);
        WriteModel(text, job.Model);
        WriteTraining(text, job.Training);
        if (job.Privacy is { } privacy) WritePrivacy(text, privacy);
        Line(text, 0, "checkpoint", $"{{ every-steps: {job.Checkpoint.EverySteps}, keep: {job.Checkpoint.Keep} }}");
        return text.ToString();
    }

    private static void WriteData(StringBuilder text, DataSpec data)
    {
        Line(text, 0, "data", "");
        Line(text, 1, "source", Quote(data.Source));
        Line(text, 1, "format", data.Format switch { DataFormat.Csv => "csv", DataFormat.Idx => "idx", DataFormat.Cifar => "cifar", DataFormat.Text => "text", _ => "auto" });
        if (data.Text is { } tokens) WriteTokens(text, tokens);
        if (data.Target is { } target) Line(text, 1, "target", Quote(target));
        if (data.Ignore.Count > 0) Line(text, 1, "ignore", $"[ {string.Join(", ", data.Ignore.Select(Quote))} ]");
        SplitSpec split = data.Split;
        Line(text, 1, "split",
            $"{{ train: {Number(split.Train)}, validation: {Number(split.Validation)}, test: {Number(split.Test)}, stratify: {(split.Stratify ? "true" : "false")} }}");
        if (data.Text is not null) return;
        Line(text, 1, "scale", data.Bounds is { } bounds ? ScaleSection.Write(bounds, Number) : data.Scale switch
        {
            ScaleKind.Standard => "standard",
            ScaleKind.MinMax => "minmax",
            ScaleKind.Unit255 => "unit255",
            _ => "none",
        });
        if (data.Image is { } image) Line(text, 1, "image", $"[ {image.Height}, {image.Width}, {image.Channels} ]");
        if (data.Classes.Count > 0) Line(text, 1, "classes", $"[ {string.Join(", ", data.Classes.Select(Quote))} ]");
        if (data.ExamplesPerClass > 0) Line(text, 1, "examples-per-class", data.ExamplesPerClass.ToString(CultureInfo.InvariantCulture));
        if (data.AdaptTo is { } other) Line(text, 1, "adapt-to", Quote(other));
        if (data.Augment is { } augment)
            Line(text, 1, "augment", $"{{ shift: {augment.Shift}, flip: {(augment.Flip ? "true" : "false")}, crop: {augment.Crop}, noise: {Number(augment.Noise)} }}");
    }

    private static void WriteTokens(StringBuilder text, TextSpec tokens)
    {
        Line(text, 1, "unit", tokens.Unit switch { TextUnit.Character => "character", TextUnit.Letters => "letters", _ => "word" });
        Line(text, 1, "vocabulary", tokens.VocabularyMax.ToString(CultureInfo.InvariantCulture));
        Line(text, 1, "minimum-count", tokens.MinimumCount.ToString(CultureInfo.InvariantCulture));
        if (tokens.TestSource is { } test) Line(text, 1, "test-source", Quote(test));
    }

    private static void WriteModel(StringBuilder text, ModelSpec model)
    {
        Line(text, 0, "model", "");
        Line(text, 1, "kind", model.Kind);
        foreach ((string key, string value) in LearnerRegistry.Of(model.Kind).Options.Write(model.Options)) Line(text, 1, key, value);
    }

    private static void WriteTraining(StringBuilder text, TrainingSpec training)
    {
        Line(text, 0, "training", "");
        Line(text, 1, "epochs", training.Epochs.ToString(CultureInfo.InvariantCulture));
        Line(text, 1, "batch", training.Batch.ToString(CultureInfo.InvariantCulture));
        Line(text, 1, "micro-batches", training.MicroBatches.ToString(CultureInfo.InvariantCulture));
        if (OptimizerSection.Write(training.Optimizer) is { } optimizer) Line(text, 1, "optimizer", optimizer);
        if (training.Schedule is { } schedule) Line(text, 1, "schedule", OptimizerSection.Write(schedule));
        Line(text, 1, "regularize", $"{{ l1: {Number(training.Regularize.L1)}, l2: {Number(training.Regularize.L2)} }}");
        if (training.ClipNorm is { } clip) Line(text, 1, "clip-norm", Number(clip));
        if (training.ClipValue is { } value) Line(text, 1, "clip-value", Number(value));
        WriteExchange(text, training);
        if (training.EarlyStopping is { } early)
            Line(text, 1, "early-stopping", $"{{ patience: {early.Patience}, minimum-gain: {Number(early.MinimumGain)} }}");
        Line(text, 1, "aggregate", "mean");
        Line(text, 1, "tolerance", Number(training.Tolerance));
    }

    private static void WriteExchange(StringBuilder text, TrainingSpec training)
    {
        Line(text, 1, "mode", training.Mode switch
        {
            TrainingMode.Stale stale => $"{{ stale: {{ bound: {stale.Bound} }} }}",
            TrainingMode.LocalSgd local => $"{{ local-sgd: {{ steps: {local.Steps} }} }}",
            _ => "synchronous",
        });
        if (training.Speculation is { } speculation) Line(text, 1, "speculation", $"{{ after: {Number(speculation.After)} }}");
        if (training.Compression is { } compression) Line(text, 1, "compression", CompressionSection.Write(compression));
    }

    private static void WritePrivacy(StringBuilder text, PrivacySpec privacy)
    {
        Line(text, 0, "privacy", "");
        Line(text, 1, "clip", Number(privacy.Clip));
        if (privacy.Noise is { } noise) Line(text, 1, "noise", Number(noise));
        Line(text, 1, "delta", Number(privacy.Delta));
        if (privacy.TargetEpsilon is { } target) Line(text, 1, "target-epsilon", Number(target));
    }

    private static void Line(StringBuilder text, int depth, string key, string value) =>
        text.Append(' ', 2 * depth).Append(key).Append(value.Length == 0 ? ":" : ": ").Append(value).Append('\n');

    /// <summary>The shortest digits that read back as the same number.</summary>
    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Within single quotes YAML knows no escape but the doubled quote; control characters never get here.</summary>
    internal static string Quote(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
