using Cluster.Ml.Aggregation;
using Cluster.Ml.Aggregation.Robust;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Security.Attacks.Poisoning;
using Cluster.Ml.Security.Defences;

namespace Cluster.Ml.Jobs;

/// <summary>How a model is trained.</summary>
/// <param name="Epochs">The most epochs (for full-batch learners: steps; for trees: levels, rounds or groups of trees).</param>
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
    /// <summary>Epochs of learners that see one batch a step, and steps of those that see all rows in each.</summary>
    internal const int UsualEpochs = 20, UsualFullBatchEpochs = 300;

    private const int UsualBatch = 64;

    /// <summary>The keys of training.</summary>
    internal static readonly KeySet<TrainingSpec> Declared =
        new KeySet<TrainingSpec>(new(UsualEpochs, 0, 8, OwnSteps.Unnamed, RegularizeSpec.Declared.Defaults, null, 1e-8))
        .Whole(
            "epochs", "The most epochs; of learners that see all rows in each step, the most steps; of trees, the most levels, rounds or groups of trees.", o => o.Epochs, (o, value) => o with { Epochs = value }, 1,
            JobDefaults.EpochsMax, unit: "epochs")
        .Otherwise($"{UsualEpochs}; {UsualFullBatchEpochs} where each step sees all rows; as many as grow all trees where those are learned")
        .Whole(
            "batch", "Examples a step; a multiple of micro-batches.", o => o.Batch > 0 ? o.Batch : Math.Max(UsualBatch, o.MicroBatches),
            (o, value) => o with { Batch = value }, 1, JobDefaults.BatchMax, unit: "examples")
        .Otherwise($"{UsualBatch}, or micro-batches where those are more")
        .Whole(
            "micro-batches", "Leaves of the summation tree, and data shards: part of what decides the model's bits, unlike workers.", o => o.MicroBatches,
            (o, value) => o with { MicroBatches = value }, 1, JobDefaults.MicroBatchesMax, powersOfTwo: true).Early()
        .Choice("optimizer", "The update rule.", OptimizerSection.Known, (_, o) => o, o => OptimizerSection.Write(o.Optimizer), "adam, or what suits the kind of model")
        .Choice(
            "schedule", "How the learning rate changes.", ScheduleRegistry.All, (map, o) => o with { Schedule = OptimizerSection.ReadSchedule(map) },
            o => o.Schedule is { } schedule ? OptimizerSection.Write(schedule) : null, "the rate stays", ScheduleSpec.Beside)
        .Section(
            "regularize", "Penalties added to the mean loss, over weights, not biases.", "{ l2: 0.0001 }", o => o.Regularize, (o, value) => o with { Regularize = value },
            RegularizeSpec.Declared)
        .OptionalNumber(
            "clip-norm", "The largest L2 norm of the mean gradient of a step.", o => o.ClipNorm, (o, value) => o with { ClipNorm = value }, NumberRange.Positive, "no limit")
        .OptionalNumber(
            "clip-value", "The largest absolute value of each number of the mean gradient of a step.", o => o.ClipValue, (o, value) => o with { ClipValue = value },
            NumberRange.Positive, "no limit")
        .Choice(
            "mode", "How contributions become steps.", ModeRegistry.All, (map, o) => o with { Mode = ModeRegistry.Read(map, "mode") }, o => ModeRegistry.Write(o.Mode),
            TrainingMode.Synchronous.Declared.Name)
        .Section(
            "speculation", "When a late worker's micro-batches are given to others, too.", "{ after: 3 }", o => o.Speculation,
            (o, value) => o with { Speculation = value }, SpeculationSpec.Declared, none: "none")
        .Form(
            "compression", "How contributions are sent in less room.", CompressionSection.Range, CompressionSection.Words, CompressionSection.Forms,
            (map, o) => o with { Compression = CompressionSection.Read(map) }, o => o.Compression?.Write(), CompressionSection.None)
        .Section(
            "early-stopping", "Stops when the validation loss has not improved for a while, and keeps the best model.", "{ patience: 5 }", o => o.EarlyStopping,
            (o, value) => o with { EarlyStopping = value }, EarlyStoppingSpec.Declared)
        .Choice(
            "aggregate", "How the gradients of a step's micro-batches become one.", AggregateRegistry.All, (map, o) => o with { Aggregate = AggregateSpec.Read(map, "aggregate") },
            o => o.Aggregate.Write(), SumTree.Declared.Name)
        .Section(
            "attack", "Micro-batches that lie, to try an aggregate.", LieSpec.Example, o => o.Attack, (o, value) => o with { Attack = value }, LieSpec.Declared)
        .Section(
            "adversarial", "Rows are changed against the network before it learns from them.", AdversarialSpec.Example, o => o.Adversarial,
            (o, value) => o with { Adversarial = value }, AdversarialSpec.Declared)
        .Number(
            "tolerance", "Relative gain below which learners that see all rows in each step have converged.", o => o.Tolerance,
            (o, value) => o with { Tolerance = value }, NumberRange.NotNegative)
        .Whole("servers", "How many servers keep the parameters, each a range of them.", o => o.Servers, (o, value) => o with { Servers = value }, 1, 64)
        .Written(_ => false)
        .Check(CheckBatch);

    /// <summary>How contributions become steps.</summary>
    public TrainingMode Mode { get; init; } = TrainingMode.Synchronous.Instance;

    /// <summary>When a late micro-batch is computed by a second worker, or null for never.</summary>
    public SpeculationSpec? Speculation { get; init; }

    /// <summary>How the gradients of a step's micro-batches become one.</summary>
    public AggregateSpec Aggregate { get; init; } = Mean.Instance;

    /// <summary>Micro-batches that lie; null for none.</summary>
    public LieSpec? Attack { get; init; }

    /// <summary>Adversarial training: how rows are perturbed before the network learns from them; null if they are not.</summary>
    public AdversarialSpec? Adversarial { get; init; }

    /// <summary>Whether gradients of micro-batches are kept apart until all are there.</summary>
    internal bool KeepsApart => Aggregate is not Mean || Attack is not null;

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

    private static void CheckBatch(JobMap map, TrainingSpec training)
    {
        (int batch, int parts) = (training.Batch, training.MicroBatches);
        int below = batch / parts * parts;
        if (batch % parts != 0)
            map.Error(
                "batch", $"a multiple of training.micro-batches ({parts})",
                $"write {(below > 0 ? $"{below} or " : "")}{below + parts}, or fewer micro-batches");
    }
}
