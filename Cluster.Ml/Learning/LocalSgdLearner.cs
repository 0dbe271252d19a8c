using System.Numerics.Tensors;
using Cluster.Ml.Compression;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>Local SGD around a learner of gradients: every micro-batch takes some steps alone, then the states are averaged.</summary>
/// <remarks>
/// Equation  x(m, 0) = x;  x(m, h + 1) = Update(x(m, h), Contribute(x(m, h), part h of micro-batch m)),  h = 0 … H − 1;
///           x ← x + (1/K) Σₘ (x(m, H) − x),  K micro-batches with examples, m in the fixed binary tree
/// Shapes    contribution: Σ (x(m, H) − x) [StateLength], K [1], then the statistics of all local steps
/// Range     a step of training is H local steps; a local optimizer's state (momentum) begins at 0 in each.
///           What a micro-batch adds depends on the published state and its own rows alone: the model is the same for any
///           number of workers
/// Cost      one exchange for H steps
/// Source    Stich, "Local SGD Converges Fast and Communicates Little", ICLR 2019, algorithm 1
/// Differs   from the paper in that its machines are micro-batches, so that K is part of the job
/// </remarks>
public sealed class LocalSgdLearner : IRangedLearner, ICompressible
{
    /// <summary>Wraps a learner.</summary>
    /// <param name="inner">Its contributions are gradients of single precision; its optimizer state may begin at zero at any step.</param>
    /// <param name="steps">Local steps H ≥ 1.</param>
    /// <param name="batch">Examples of one local step, at least 1.</param>
    /// <exception cref="ArgumentException">A number is too small, or the learner is of another kind.</exception>
    public LocalSgdLearner(ILearner inner, int steps, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (inner.FullBatch || inner.Numbers != NumberKind.Float32)
            throw new ArgumentException("LocalSgdLearner: wanted a learner of gradients in single precision.", nameof(inner));
        (Inner, Steps, Batch) = (inner, steps, batch);
        Whole = Cut(1)[0];
    }

    /// <inheritdoc/>
    public NumberKind Numbers => Inner.Numbers;

    /// <inheritdoc/>
    public int StateLength => Inner.StateLength;

    /// <inheritdoc/>
    public int OptimizerStateLength => 0;

    /// <inheritdoc/>
    public int ContributionLength => checked(RangedLength + 1 + StepStatistics.Length);

    /// <inheritdoc/>
    public int RangedLength => StateLength;

    /// <inheritdoc/>
    public int ExactLength => 1 + StepStatistics.Length;

    /// <inheritdoc/>
    public int EvaluationLength => Inner.EvaluationLength;

    /// <inheritdoc/>
    public ParameterRange Whole { get; }

    /// <inheritdoc/>
    public bool FullBatch => false;

    internal ILearner Inner { get; }

    internal int Steps { get; }

    internal int Batch { get; }

    /// <inheritdoc/>
    public void LoadStart() => Inner.LoadStart();

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState) =>
        Inner.Initialize(state, new NumericBuffer(Inner.Numbers, Inner.OptimizerStateLength));

    /// <inheritdoc/>
    public IContributor CreateContributor() => new LocalSgdContributor(this);

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step) =>
        ((IRangedLearner)this).Update(new UpdateBuffers(state, state, optimizerState, sum), step, PartsInTurn.Instance);

    /// <inheritdoc/>
    public IReadOnlyList<ParameterRange> Cut(int servers)
    {
        Slice[] parts = RangeGrid.Cut(StateLength, servers);
        return [.. parts.Select((part, index) => new ParameterRange(index, parts.Length, part, part, []))];
    }

    /// <inheritdoc/>
    public int SquaresLength(ParameterRange range, in StepContext step) => 0;

    /// <inheritdoc/>
    public void Square(ParameterRange range, ReadOnlySpan<float> sum, in StepContext step, Span<float> squares)
    {
    }

    /// <inheritdoc/>
    public RangedStep Decide(ReadOnlySpan<float> common, ReadOnlySpan<float> squares, in StepContext step)
    {
        float machines = common[0];
        ReadOnlySpan<float> statistics = common[1..];
        double loss = statistics[StepStatistics.LossSum], examples = statistics[StepStatistics.Examples];
        return new RangedStep(machines > 0 ? (double)(1 / machines) : null, new UpdateOutcome(false, examples > 0 ? loss / examples : 0, (long)examples));
    }

    /// <inheritdoc/>
    public void UpdateRange(ParameterRange range, in UpdateBuffers buffers, double? scale, in StepContext step, IPartRunner runner)
    {
        if (scale is null) buffers.Keep();
        ReadOnlySpan<float> before = buffers.Before.Floats, sum = buffers.Sum.Floats;
        Span<float> after = buffers.After.Floats, moved = stackalloc float[RangeGrid.CellLength];
        for (int start = 0; scale is { } share && start < after.Length; start += moved.Length)
        {
            Span<float> part = after.Slice(start, Math.Min(moved.Length, after.Length - start));
            buffers.AddRest(start, part.Length);
            TensorPrimitives.Multiply(sum.Slice(start, part.Length), (float)share, moved);
            TensorPrimitives.Add(before.Slice(start, part.Length), moved[..part.Length], part);
        }
        if (!Reductions.AllFinite(after)) throw new DivergedException(step.Step, "average of local states", "parameters that are not");
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => Inner.Measure(evaluationSums);

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state) => Inner.Summarize(state);
}
