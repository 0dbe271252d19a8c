using Cluster.Ml.Data;
using Cluster.Ml.Learning;

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
    /// <summary>
    /// Of the jobs that wait, the one with the highest begins first: −100 to 100, by default 0. No part of <see cref="Text"/>, as it
    /// says nothing about the model.
    /// </summary>
    public int Priority { get; init; }

    /// <summary>The kind of learner that the job names.</summary>
    internal LearnerKind Learner => LearnerRegistry.Of(Model.Kind);

    /// <summary>How that learner trains with the job's update rule.</summary>
    internal LearnerForm Form => Learner.FormOf(Training.Optimizer.Kind);
}

/// <summary>Where the rows come from.</summary>
/// <param name="Source">A CSV file, a folder or file of IDX images or CIFAR batches, or a text; absolute after reading.</param>
/// <param name="Format">csv, idx, cifar, text, or auto by name.</param>
/// <param name="Target">Name of the target column; null for unsupervised learning and for images.</param>
/// <param name="Ignore">Columns left out; an empty name stands for every column without one.</param>
/// <param name="Split">Fractions of the splits.</param>
/// <param name="Scale">How features are scaled.</param>
public sealed record DataSpec(
    string Source, DataFormat Format, string? Target, IReadOnlyList<string> Ignore, SplitSpec Split, ScaleKind Scale)
{
    /// <summary>With min-max scaling the bounds of the features, where they are not looked for in the rows; else null.</summary>
    public ScaleBounds? Bounds { get; init; }

    /// <summary>How a text becomes tokens; null where the source is no text.</summary>
    public TextSpec? Text { get; init; }

    /// <summary>The image whose numbers the columns of a CSV file are, row by row, channels innermost; null for none.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>Rows of another domain, whose targets are not known, that a network learns to treat as it treats those of the source; absolute after reading. Null for none.</summary>
    public string? AdaptTo { get; init; }

    /// <summary>The classes whose rows are looked at, the others left out; none for all.</summary>
    public IReadOnlyList<string> Classes { get; init; } = new ValueList<string>([]);

    /// <summary>Training rows of each class that are learned from, the others left out; 0 for all.</summary>
    public int ExamplesPerClass { get; init; }

    /// <summary>How images are changed while a network learns from them; null for not at all.</summary>
    public AugmentSpec? Augment { get; init; }
}

/// <summary>Random changes of training images, drawn anew for every example in every epoch.</summary>
/// <param name="Shift">Moves by up to so many pixels each way; what comes in is 0.</param>
/// <param name="Flip">Mirrors left and right, one time in two.</param>
/// <param name="Crop">Cuts out a window that lacks up to so many rows and as many columns, and enlarges it to the old size.</param>
/// <param name="Noise">Standard deviation of Gaussian noise on every scaled number.</param>
public sealed record AugmentSpec(int Shift, bool Flip, int Crop, double Noise);

/// <summary>The layout of a data source.</summary>
public enum DataFormat
{
    /// <summary>By name: .csv or .data, .txt, data_batch or -idx, each also with .gz; a folder with CIFAR batches, or with IDX files of the standard MNIST names.</summary>
    Auto,

    /// <summary>Comma-separated values with a header row.</summary>
    Csv,

    /// <summary>IDX images and labels.</summary>
    Idx,

    /// <summary>Plain text.</summary>
    Text,

    /// <summary>CIFAR-10 images in the binary version.</summary>
    Cifar,
}

/// <summary>Fractions of the three splits; they add up to 1.</summary>
/// <param name="Train">Training.</param>
/// <param name="Validation">Validation; may be 0.</param>
/// <param name="Test">Test; may be 0. Where the source has test rows of its own (IDX t10k files), those are the test split and this must be 0 or absent.</param>
/// <param name="Stratify">Keep the class proportions in every split.</param>
public sealed record SplitSpec(double Train, double Validation, double Test, bool Stratify);

/// <summary>How features are scaled; fitted on training rows alone, or by bounds that are given.</summary>
public enum ScaleKind
{
    /// <summary>As they are.</summary>
    None,

    /// <summary>To mean 0 and standard deviation 1.</summary>
    Standard,

    /// <summary>To [0, 1].</summary>
    MinMax,

    /// <summary>Bytes divided by 255.</summary>
    Unit255,
}

/// <summary>What is learned.</summary>
/// <param name="Kind">One of <see cref="LearnerRegistry.Names"/>.</param>
/// <param name="Options">What the job says beside, in the record of this kind.</param>
public sealed record ModelSpec(string Kind, ModelOptions Options)
{
    /// <summary>The options as the record of one kind.</summary>
    /// <exception cref="ArgumentException">The job is of another kind.</exception>
    public T As<T>()
        where T : ModelOptions =>
        Options as T ?? throw new ArgumentException($"ModelSpec: {Kind}: wanted {typeof(T).Name}, got {Options.GetType().Name}.", nameof(T));
}

/// <summary>How a model is trained.</summary>
/// <param name="Epochs">The most epochs (for full-batch learners: steps).</param>
/// <param name="Batch">Examples a step; a multiple of MicroBatches. Ignored by full-batch learners.</param>
/// <param name="MicroBatches">Leaves of the summation tree, and data shards; a power of two.</param>
/// <param name="Optimizer">The update rule.</param>
/// <param name="Regularize">Penalties.</param>
/// <param name="EarlyStopping">Or null.</param>
/// <param name="Tolerance">Full-batch learners: the relative gain below which training has converged.</param>
public sealed record TrainingSpec(
    int Epochs, int Batch, int MicroBatches, OptimizerSpec Optimizer, RegularizeSpec Regularize,
    EarlyStoppingSpec? EarlyStopping, double Tolerance)
{
    /// <summary>How contributions become steps.</summary>
    public TrainingMode Mode { get; init; } = TrainingMode.Synchronous.Instance;

    /// <summary>When a late micro-batch is computed by a second worker, or null for never.</summary>
    public SpeculationSpec? Speculation { get; init; }

    /// <summary>How contributions are sent in less room; null for as they are.</summary>
    public CompressionSpec? Compression { get; init; }

    /// <summary>
    /// How many servers keep the parameters, by default 1. No part of <see cref="JobSpec.Text"/>, as it says nothing about the model:
    /// a job may be resumed with another number.
    /// </summary>
    public int Servers { get; init; } = 1;

    /// <summary>The largest L2 norm of the mean gradient of a step; null for no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The largest absolute value of each number of the mean gradient of a step; null for no limit.</summary>
    public double? ClipValue { get; init; }

    /// <summary>How the learning rate changes, or null.</summary>
    public ScheduleSpec? Schedule { get; init; }
}

/// <summary>How contributions become steps.</summary>
public abstract record TrainingMode
{
    private TrainingMode()
    {
    }

    /// <summary>Every step waits for all micro-batches. The model does not depend on workers, nor on what happens to them.</summary>
    public sealed record Synchronous : TrainingMode
    {
        /// <summary>The one value.</summary>
        public static readonly Synchronous Instance = new();
    }

    /// <summary>
    /// Each micro-batch steps at its own pace, at most some steps ahead of the slowest; what comes is applied at once. The model
    /// depends on the order in which contributions come.
    /// </summary>
    /// <param name="Bound">How many steps one may be ahead of the slowest; 0: all begin a step together.</param>
    public sealed record Stale(int Bound) : TrainingMode;

    /// <summary>
    /// Each micro-batch takes some steps alone from the published state; the states are averaged. The model does not depend on
    /// workers, nor on what happens to them.
    /// </summary>
    /// <param name="Steps">Local steps between two averages.</param>
    public sealed record LocalSgd(int Steps) : TrainingMode;
}

/// <summary>Gives a late worker's micro-batches to others, too; the first answer wins, and the model is the same.</summary>
/// <param name="After">How many times the median answer a worker may take before it counts as late.</param>
public sealed record SpeculationSpec(double After);

/// <summary>How contributions are sent in less room.</summary>
public abstract record CompressionSpec
{
    private CompressionSpec(int? window) => Window = window;

    /// <summary>
    /// Steps within which what a micro-batch leaves out is added to what it sends next, and after which nothing is carried on; null where
    /// nothing is carried at all.
    /// </summary>
    public int? Window { get; }

    /// <summary>Every number, in fewer bits.</summary>
    /// <param name="Kind">In how few.</param>
    /// <param name="Window">See <see cref="CompressionSpec.Window"/>; what is left out is what rounding takes away.</param>
    public sealed record Rounding(CompressionKind Kind, int? Window = null) : CompressionSpec(Window);

    /// <summary>The numbers of the largest magnitude alone.</summary>
    /// <param name="Share">Which share of them each micro-batch sends, in (0, 1].</param>
    /// <param name="Window">See <see cref="CompressionSpec.Window"/>; the last step of a window sends all numbers.</param>
    public sealed record TopK(double Share, int? Window) : CompressionSpec(Window);
}

/// <summary>In how few bits the numbers of a contribution are sent.</summary>
public enum CompressionKind
{
    /// <summary>Half precision behind a scale for each block; rounded to the nearest.</summary>
    Float16,

    /// <summary>Eight bits behind a scale for each block; rounded at random, so that the mean is right.</summary>
    Int8,
}

/// <summary>Penalties added to the mean loss: L1·Σ|w| + L2·Σw², over weights, not biases.</summary>
/// <param name="L1">Weight of the absolute values.</param>
/// <param name="L2">Weight of the squares.</param>
public sealed record RegularizeSpec(double L1, double L2);

/// <summary>Stops when the validation loss has not improved for a while, and keeps the best model.</summary>
/// <param name="Patience">Epochs without improvement.</param>
/// <param name="MinimumGain">What counts as improvement.</param>
public sealed record EarlyStoppingSpec(int Patience, double MinimumGain);

/// <summary>Differential privacy of the training rows.</summary>
/// <param name="Clip">The largest L2 norm of one example's gradient.</param>
/// <param name="Noise">Noise multiplier σ: the noise's standard deviation is σ · Clip. Null where it is calibrated from TargetEpsilon.</param>
/// <param name="Delta">δ.</param>
/// <param name="TargetEpsilon">Training stops before it would spend more; null for no limit.</param>
public sealed record PrivacySpec(double Clip, double? Noise, double Delta, double? TargetEpsilon);

/// <summary>When checkpoints are taken.</summary>
/// <param name="EverySteps">Steps between two checkpoints; 0 for the end of epochs only.</param>
/// <param name="Keep">How many complete checkpoints are kept.</param>
public sealed record CheckpointSpec(int EverySteps, int Keep);
