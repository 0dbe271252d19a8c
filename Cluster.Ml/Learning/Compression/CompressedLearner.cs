using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning.Compression;

/// <summary>Sends the contributions of a learner of gradients in fewer bits: 16 or 8 for each number in place of 32.</summary>
/// <remarks>
/// Equation  x ← Update(x, P(root)),  P(n) = Q(P(left) + P(right)),  P(leaf m) = Q(Contribute(x, micro-batch m))
/// Shapes    contribution: see <see cref="PackedContribution"/>; state and memory are the inner learner's
/// Range     int8: the mean over chance is the sum without compression; fp16: each rounding is at most 2⁻¹¹ of the number off.
///           The numbers that the inner learner calls exact keep every bit. A pure function of (job, state, rows, step, node):
///           the model is the same for any number of workers
/// Cost      each micro-batch passes through the model alone, since each is rounded alone
/// Source    Seide et al., "1-Bit Stochastic Gradient Descent", Interspeech 2014, for the idea; Alistarh et al., "QSGD", NIPS 2017, for
///           rounding by chance, which needs no residual
/// Differs   from error feedback (Karimireddy et al., ICML 2019): nothing is carried from step to step, so that a worker keeps nothing
///           that could be lost with it
/// </remarks>
public sealed class CompressedLearner : ILearner, IPictureSource
{
    /// <summary>Wraps a learner.</summary>
    /// <param name="inner">Its contributions are sums of single precision.</param>
    /// <param name="kind">How numbers are rounded.</param>
    /// <param name="seed">The job's seed.</param>
    /// <exception cref="ArgumentException">The learner is of another kind.</exception>
    public CompressedLearner(ILearner inner, CompressionKind kind, ulong seed)
    {
        if (inner.FullBatch || inner.Numbers != NumberKind.Float32)
            throw new ArgumentException("CompressedLearner: wanted a learner of gradients in single precision.", nameof(inner));
        Inner = inner;
        Packing = new PackedContribution(kind, inner.ContributionLength, inner.ExactLength, seed);
    }

    /// <inheritdoc/>
    public NumberKind Numbers => Inner.Numbers;

    /// <inheritdoc/>
    public int StateLength => Inner.StateLength;

    /// <inheritdoc/>
    public int MemoryLength => Inner.MemoryLength;

    /// <inheritdoc/>
    public int ContributionLength => Packing.Length;

    /// <inheritdoc/>
    public int StatisticsStart => PackedContribution.HeaderLength + Inner.ExactLength - StepStatistics.Length;

    /// <inheritdoc/>
    public int EvaluationLength => Inner.EvaluationLength;

    /// <inheritdoc/>
    public bool FullBatch => false;

    /// <summary>How many times smaller a contribution is than without compression.</summary>
    public double Ratio => (double)Inner.ContributionLength / ContributionLength;

    internal ILearner Inner { get; }

    internal PackedContribution Packing { get; }

    /// <inheritdoc/>
    public void LoadStart() => Inner.LoadStart();

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer memory) => Inner.Initialize(state, memory);

    /// <inheritdoc/>
    public IContributor CreateContributor() => new CompressedContributor(this);

    /// <inheritdoc/>
    public void Combine(NumericBuffer left, NumericBuffer right) => Packing.Add(left.Floats, right.Floats);

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer memory, NumericBuffer sum, in StepContext step)
    {
        NumericBuffer numbers = NumericBufferPool.Shared.Rent(Numbers, Inner.ContributionLength);
        Packing.Unpack(sum.Floats, numbers.Floats);
        UpdateOutcome outcome = Inner.Update(state, memory, numbers, step);
        NumericBufferPool.Shared.Return(numbers);
        return outcome;
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => Inner.Measure(evaluationSums);

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state) => Inner.Summarize(state);

    /// <inheritdoc/>
    public Picture? DrawSheet(NumericBuffer state, int across, int down) => (Inner as IPictureSource)?.DrawSheet(state, across, down);
}
