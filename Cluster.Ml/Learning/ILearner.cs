using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>
/// A learner in summation form: what the model is, how contributions combine, and how their sum changes the model.
/// </summary>
/// <remarks>
/// Equation  stateₜ₊₁ = Update(stateₜ, Combineₘ Contribute(stateₜ, micro-batch m)),  m in a fixed binary tree
/// Shapes    state [StateLength], optimizerState [OptimizerStateLength], contribution [ContributionLength]
/// Range     every method is a pure function of its arguments: no clock, no ambient randomness, no thread
/// Source    Chu et al., "Map-Reduce for Machine Learning on Multicore", NIPS 2006, § 3
/// </remarks>
public interface ILearner
{
    /// <summary>How features, state and contributions are stored.</summary>
    NumberKind Numbers { get; }

    /// <summary>The numbers that define the model: published to the workers each step, hashed, exported.</summary>
    int StateLength { get; }

    /// <summary>The numbers that only the parameter server keeps, such as an optimizer's moments; always <see cref="Numbers"/>.</summary>
    int OptimizerStateLength { get; }

    /// <summary>The numbers that one micro-batch adds; <see cref="StepStatistics.Length"/> of them are the step's statistics.</summary>
    int ContributionLength { get; }

    /// <summary>The place of the statistics in a contribution: its end, unless the learner says otherwise.</summary>
    int StatisticsStart => ContributionLength - StepStatistics.Length;

    /// <summary>The length of the sums that <see cref="IContributor.Evaluate"/> adds to.</summary>
    int EvaluationLength { get; }

    /// <summary>Whether a step looks at every training row (an EM or Lloyd step) instead of one batch.</summary>
    bool FullBatch { get; }

    /// <summary>Whether what it says of a row depends on the row alone, and not on its place among others, which randomness is keyed by.</summary>
    bool PredictsByRowAlone => true;

    /// <summary>Whether the epoch goes on: an epoch may have more steps than the data say, such as one for each level of a tree.</summary>
    /// <param name="state">After a step; nothing but the state decides, so that a checkpoint knows it too.</param>
    bool IsWithinEpoch(NumericBuffer state) => false;

    /// <summary>Reads what the first state is made of, if that is more than the job and the data; called when a job begins, so that errors are reported then.</summary>
    /// <exception cref="BadInputException">It cannot be read, or does not fit the job.</exception>
    void LoadStart()
    {
    }

    /// <summary>Fills the state and optimizer state before the first step.</summary>
    void Initialize(NumericBuffer state, NumericBuffer optimizerState);

    /// <summary>A workspace that computes contributions. One per thread; it allocates nothing after its first use.</summary>
    IContributor CreateContributor();

    /// <summary>Merges the contribution of the right-hand subtree into the left-hand one. Plain addition unless the learner says otherwise.</summary>
    void Combine(NumericBuffer left, NumericBuffer right) => left.Add(right);

    /// <summary>Whether the numbers of a contribution that came from another process are finite, as far as they are numbers as they stand.</summary>
    bool IsFinite(NumericBuffer contribution, int length) => contribution.Kind == NumberKind.Float32
        ? Reductions.AllFinite(contribution.Floats[..length])
        : DoubleVectors.AllFinite(contribution.Doubles[..length]);

    /// <summary>Changes the state by the combined contribution of all micro-batches.</summary>
    /// <exception cref="DivergedException">The sum or the new state is not finite.</exception>
    UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step);

    /// <summary>The same from one buffer into another, in parts that may run side by side; the same bits however they do.</summary>
    /// <param name="buffers">The whole state and optimizer state, and the combined contribution, or the two halves that it is combined of.</param>
    /// <param name="step">Which step this is.</param>
    /// <param name="runner">Runs the parts if there are any.</param>
    /// <exception cref="DivergedException">The sum or the new state is not finite.</exception>
    UpdateOutcome Update(in UpdateBuffers buffers, in StepContext step, IPartRunner runner)
    {
        buffers.Keep();
        if (buffers.Rest is { } rest) Combine(buffers.Sum, rest);
        return Update(buffers.After, buffers.OptimizerState, buffers.Sum, step);
    }

    /// <summary>Names the figures that evaluation sums stand for, such as accuracy and log-loss.</summary>
    Metrics Measure(ReadOnlySpan<double> evaluationSums);

    /// <summary>A few lines for a person: layers with shapes and parameter counts, or what was learned.</summary>
    ModelSummary Summarize(NumericBuffer state);
}

/// <summary>Computes what examples contribute, on one thread, in private buffers.</summary>
public interface IContributor
{
    /// <summary>
    /// Writes the combined contribution of an aligned subtree of micro-batches: bit for bit what
    /// <see cref="ILearner.Combine"/> over the fixed binary tree of the single micro-batches gives.
    /// </summary>
    /// <param name="state">The published state, read only.</param>
    /// <param name="subtree">A power of two of micro-batches, in order; any of them may be empty.</param>
    /// <param name="contribution">Overwritten.</param>
    /// <param name="step">Which step this is.</param>
    /// <exception cref="DivergedException">A loss or gradient is not finite.</exception>
    void Contribute(NumericBuffer state, ReadOnlySpan<MicroBatch> subtree, NumericBuffer contribution, in StepContext step);

    /// <summary>Adds what these rows say about the model's quality to the sums.</summary>
    /// <param name="state">The published state, read only.</param>
    /// <param name="rows">Rows of any split.</param>
    /// <param name="sums">[EvaluationLength], added to in row order.</param>
    void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums);

    /// <summary>Writes one prediction a row: the class index, the value, the cluster, or how far the row is from what its vector gives back; and class
    /// scores, or the vector if there are any.</summary>
    /// <param name="state">The published state, read only.</param>
    /// <param name="rows">Rows of any split.</param>
    /// <param name="predictions">[rows].</param>
    /// <param name="scores">[rows × classes] class probabilities, [rows × OutputNames] of <see cref="IVectorOutput"/>
    /// or [rows × MembershipNames] of <see cref="IMembership"/>; or empty to leave them out.</param>
    void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores);
}

/// <summary>What identifies a step to a learner.</summary>
/// <param name="Step">Steps since the start of training, from 0.</param>
/// <param name="Epoch">Epochs since the start of training, from 0.</param>
/// <param name="StepsPerEpoch">Steps of one epoch.</param>
public readonly record struct StepContext(long Step, int Epoch, long StepsPerEpoch)
{
    /// <summary>Steps since the start of the epoch, from 0.</summary>
    public long StepInEpoch => Step - (Epoch * StepsPerEpoch);
}

/// <summary>What an update says.</summary>
/// <param name="Converged">Nothing is left to gain; training may end.</param>
/// <param name="Loss">The mean training loss of this step, in the learner's own units.</param>
/// <param name="Examples">How many examples contributed.</param>
public readonly record struct UpdateOutcome(bool Converged, double Loss, long Examples);

/// <summary>The statistics of every contribution: three numbers that training statistics are made of.</summary>
public static class StepStatistics
{
    /// <summary>How many numbers: the loss sum, the number of examples, and how many of them were right.</summary>
    public const int Length = 3;

    /// <summary>Offset from their start: Σ loss.</summary>
    public const int LossSum = 0;

    /// <summary>Offset from their start: how many examples.</summary>
    public const int Examples = 1;

    /// <summary>Offset from their start: how many were classified rightly (0 if there are no classes).</summary>
    public const int Correct = 2;
}

/// <summary>Text about a model.</summary>
/// <param name="Title">One line.</param>
/// <param name="Columns">Headings of the table, or empty.</param>
/// <param name="Rows">Cells of the table.</param>
/// <param name="Notes">Lines below it.</param>
public sealed record ModelSummary(
    string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>A note on numbers that are of scaled features; none if features are not scaled.</summary>
    /// <param name="numbers">What they are.</param>
    /// <param name="data">How features are scaled.</param>
    internal static IEnumerable<string> OfScaled(string numbers, DataSpec data) =>
        data.Scale == ScaleKind.None ? [] : [$"{numbers} are of the scaled features"];
}

/// <summary>Training left the finite numbers, or its rows do not determine a model. Never repaired: reported with the step, the layer and, above, the worker.</summary>
public sealed class DivergedException : Exception
{
    /// <summary>What to do if no learning rate has a part in it: numbers whose squares leave the range are the cause.</summary>
    public const string TooLarge = "the features or targets are too large; scale them (data.scale: standard), or change their unit";

    private const string TooFast = "lower the learning rate, clip gradients or scale the inputs";

    /// <summary>What to do about a loss that is not finite: that of the first step is one of numbers that no step has touched.</summary>
    public static string AdviceAt(long step) => step == 0 ? TooLarge : TooFast;

    /// <summary>Names the step and the layer of a number that is not finite.</summary>
    public DivergedException(long step, string layer, string what, string advice = TooFast)
        : this(step, layer, "finite numbers", what, advice)
    {
    }

    /// <summary>Says what a step is solved from and the training rows do not give.</summary>
    public DivergedException(long step, string layer, string wanted, string got, string advice)
        : base($"step {step}, {layer}: wanted {wanted}, got {got}; {advice}.")
    {
        Step = step;
        Layer = layer;
    }

    /// <summary>The step.</summary>
    public long Step { get; }

    /// <summary>The layer, or the part of the learner.</summary>
    public string Layer { get; }
}
