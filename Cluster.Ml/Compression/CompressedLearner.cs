using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Compression;

/// <summary>Sends the contributions of a learner of gradients in less room: rounded, or by their largest entries.</summary>
/// <remarks>
/// Equation  x ← Update(x, P(root)),  P(n) = P(left) + P(right), rounded again if leaves are;  P(leaf m) = Pack(Contribute(x, micro-batch m)),
///           and with feedback what earlier steps left out is added before: see <see cref="FeedbackPlan"/>
/// Shapes    contribution: see <see cref="PackedContribution"/> and <see cref="SparseContribution"/>; state and optimizer state are the inner learner's
/// Range     int8: the mean over randomness is the sum without compression; fp16: each rounding is at most 2⁻¹¹ of the number off; top-k without
///           feedback: what is left out is lost; with all entries kept: the bits of no compression. Feedback gives back what leaves round
///           away, not what the nodes above do, which belongs to no micro-batch.
///           The numbers that the inner learner calls exact keep every bit. A pure function of (job, state, rows, step, node, residual):
///           the model is the same for any number of workers
/// Cost      each micro-batch passes through the model alone, since each is packed alone
/// Source    Seide et al., "1-Bit Stochastic Gradient Descent", Interspeech 2014, for the idea; Alistarh et al., "QSGD", NIPS 2017, for
///           rounding at random, which needs no residual; Stich, Cordonnier, Jaggi, "Sparsified SGD with Memory", NeurIPS 2018, for top-k
/// </remarks>
public sealed class CompressedLearner : ILearner, IVaryingLength, IFeedback, IImageSource, IGradientNorms
{
    /// <summary>Wraps a learner.</summary>
    /// <param name="inner">Whose contributions are packed.</param>
    /// <param name="compression">How they are packed.</param>
    /// <param name="seed">The job's seed.</param>
    public CompressedLearner(ICompressible inner, CompressionSpec compression, ulong seed)
    {
        Inner = inner;
        Packing = compression is CompressionSpec.TopK largest
            ? new SparseContribution(largest.Share, inner.ContributionLength, inner.ExactLength)
            : new PackedContribution((CompressionSpec.Rounding)compression, inner.ContributionLength, inner.ExactLength, seed);
        Feedback = compression.Window is { } window && Packing.LeavesOut ? new FeedbackPlan(window, inner.ContributionLength) : null;
    }

    /// <inheritdoc/>
    public NumberKind Numbers => Inner.Numbers;

    /// <inheritdoc/>
    public int StateLength => Inner.StateLength;

    /// <inheritdoc/>
    public int OptimizerStateLength => Inner.OptimizerStateLength;

    /// <inheritdoc/>
    public int ContributionLength => Packing.Length;

    /// <inheritdoc/>
    public int LeastLength => Packing.LeastLength;

    /// <inheritdoc/>
    public int StatisticsStart => Packing.ExactStart + Inner.ExactLength - StepStatistics.Length;

    /// <inheritdoc/>
    public int EvaluationLength => Inner.EvaluationLength;

    /// <inheritdoc/>
    public bool FullBatch => false;

    /// <inheritdoc/>
    public FeedbackPlan? Feedback { get; }

    /// <summary>The numbers that a contribution would have without compression.</summary>
    public int UncompressedLength => Inner.ContributionLength;

    /// <inheritdoc/>
    public IReadOnlyList<string> GradientLayers => (Inner as IGradientNorms)?.GradientLayers ?? [];

    internal ICompressible Inner { get; }

    internal ContributionPacking Packing { get; }

    /// <inheritdoc/>
    public void LoadStart() => Inner.LoadStart();

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState) => Inner.Initialize(state, optimizerState);

    /// <inheritdoc/>
    public IContributor CreateContributor() => new CompressedContributor(this);

    /// <inheritdoc/>
    public void Combine(NumericBuffer left, NumericBuffer right) => Packing.Add(left.Floats, right.Floats);

    /// <inheritdoc/>
    public int UsedLength(NumericBuffer contribution) => Packing.UsedLength(contribution.Floats);

    /// <inheritdoc/>
    public bool IsSound(NumericBuffer contribution, int length) => Packing.IsSound(contribution.Floats, length);

    /// <summary>Codes and indices are no numbers as they stand: what they stand for is looked at with the step.</summary>
    public bool IsFinite(NumericBuffer contribution, int length) => true;

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step) =>
        Update(new UpdateBuffers(state, state, optimizerState, sum), step, PartsInTurn.Instance);

    /// <inheritdoc/>
    public UpdateOutcome Update(in UpdateBuffers buffers, in StepContext step, IPartRunner runner)
    {
        if (buffers.Rest is { } rest) Combine(buffers.Sum, rest);
        NumericBuffer numbers = NumericBufferPool.Shared.Rent(Numbers, Inner.ContributionLength);
        Packing.Unpack(buffers.Sum.Floats, numbers.Floats);
        UpdateOutcome outcome = Inner.Update(buffers with { Sum = numbers, Rest = null }, step, runner);
        NumericBufferPool.Shared.Return(numbers);
        return outcome;
    }

    /// <inheritdoc/>
    public double[] GradientNorms(NumericBuffer optimizerState) => (Inner as IGradientNorms)?.GradientNorms(optimizerState) ?? [];

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => Inner.Measure(evaluationSums);

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state) => Inner.Summarize(state);

    /// <inheritdoc/>
    public Image? DrawSheet(NumericBuffer state, int across, int down, int? count = null, ulong? seed = null) =>
        (Inner as IImageSource)?.DrawSheet(state, across, down, count, seed);
}
