using System.Numerics.Tensors;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Learning;

/// <summary>Local SGD around a learner of gradients: every micro-batch takes some steps alone, then the states are averaged.</summary>
/// <remarks>
/// Equation  x(m, 0) = x;  x(m, h + 1) = Update(x(m, h), Contribute(x(m, h), part h of micro-batch m)),  h = 0 … H − 1;
///           x ← x + (1/K) Σₘ (x(m, H) − x),  K micro-batches with examples, m in the fixed binary tree
/// Shapes    contribution: Σ (x(m, H) − x) [StateLength], K [1], then the statistics of all local steps
/// Range     a step of training is H local steps; a local optimizer's memory (momentum) begins at 0 in each.
///           What a micro-batch adds depends on the published state and its own rows alone: the model is the same for any
///           number of workers
/// Cost      one exchange for H steps
/// Source    Stich, "Local SGD Converges Fast and Communicates Little", ICLR 2019, algorithm 1
/// Differs   from the paper in that its machines are micro-batches, so that K is part of the job
/// </remarks>
public sealed class LocalSgdLearner : ILearner
{
    /// <summary>Wraps a learner.</summary>
    /// <param name="inner">Its contributions are gradients of single precision; its memory may begin at zero at any step.</param>
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
    }

    /// <inheritdoc/>
    public NumberKind Numbers => Inner.Numbers;

    /// <inheritdoc/>
    public int StateLength => Inner.StateLength;

    /// <inheritdoc/>
    public int MemoryLength => 0;

    /// <inheritdoc/>
    public int ContributionLength => StateLength + 1 + StepStatistics.Length;

    /// <inheritdoc/>
    public int ExactLength => 1 + StepStatistics.Length;

    /// <inheritdoc/>
    public int EvaluationLength => Inner.EvaluationLength;

    /// <inheritdoc/>
    public bool FullBatch => false;

    internal ILearner Inner { get; }

    internal int Steps { get; }

    internal int Batch { get; }

    /// <inheritdoc/>
    public void LoadStart() => Inner.LoadStart();

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer memory) =>
        Inner.Initialize(state, new NumericBuffer(Inner.Numbers, Inner.MemoryLength));

    /// <inheritdoc/>
    public IContributor CreateContributor() => new LocalSgdContributor(this);

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer memory, NumericBuffer sum, in StepContext step)
    {
        Span<float> moved = sum.Floats[..StateLength];
        ReadOnlySpan<float> statistics = sum.Floats[^StepStatistics.Length..];
        float machines = sum.Floats[StateLength];
        double loss = statistics[StepStatistics.LossSum], examples = statistics[StepStatistics.Examples];
        if (machines > 0)
        {
            TensorPrimitives.Multiply(moved, 1 / machines, moved);
            TensorPrimitives.Add(state.Floats, moved, state.Floats);
        }
        if (!Reductions.AllFinite(state.Floats)) throw new DivergedException(step.Step, "average of local states", "parameters that are not");
        return new UpdateOutcome(false, examples > 0 ? loss / examples : 0, (long)examples);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => Inner.Measure(evaluationSums);

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state) => Inner.Summarize(state);
}
