using Cluster.Ml.Compression;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Security.Attacks.Poisoning;

namespace Cluster.Ml.Aggregation.Robust;

/// <summary>Keeps the gradients of micro-batches apart until all are there, so that a rule that withstands liars brings them together.</summary>
/// <remarks>
/// Equation     x ← Update(x, N·Aggregate(g₀ … g_{n−1})),  g_m the mean gradient of micro-batch m, N the examples of the step;
///              micro-batches without examples, and those with numbers that are not finite, are left out
/// Shapes       contribution: M gradients, M counts of examples, then the exact numbers of the inner learner; every micro-batch fills its own place, so that
///              adding contributions loses no bit
/// Determinism  a pure function of (job, state, rows, step): the model is the same for any number of workers
/// Cost         M times the numbers of a sum
/// </remarks>
public sealed class RobustLearner : ILearner, IImageSource, IGradientNorms
{
    private readonly AggregateSpec _aggregate;
    private readonly LieSpec? _lies;
    private readonly bool[] _lying;

    /// <summary>Wraps a learner.</summary>
    /// <param name="inner">Whose gradients are brought together.</param>
    /// <param name="microBatches">M.</param>
    /// <param name="aggregate">The rule.</param>
    /// <param name="lies">What some micro-batches say in the place of their gradients; null if all are honest.</param>
    /// <param name="seed">The job's seed, which decides which of them lie.</param>
    public RobustLearner(ICompressible inner, int microBatches, AggregateSpec aggregate, LieSpec? lies, ulong seed)
    {
        (Inner, MicroBatches, _aggregate, _lies) = (inner, microBatches, aggregate, lies);
        GradientLength = inner.ContributionLength - inner.ExactLength;
        _lying = lies?.Chosen(microBatches, seed) ?? new bool[microBatches];
    }

    /// <inheritdoc/>
    public NumberKind Numbers => Inner.Numbers;

    /// <inheritdoc/>
    public int StateLength => Inner.StateLength;

    /// <inheritdoc/>
    public int OptimizerStateLength => Inner.OptimizerStateLength;

    /// <inheritdoc/>
    public int ContributionLength => checked((MicroBatches * (GradientLength + 1)) + Inner.ExactLength);

    /// <inheritdoc/>
    public int EvaluationLength => Inner.EvaluationLength;

    /// <inheritdoc/>
    public bool FullBatch => false;

    /// <inheritdoc/>
    public IReadOnlyList<string> GradientLayers => (Inner as IGradientNorms)?.GradientLayers ?? [];

    internal ICompressible Inner { get; }

    internal int MicroBatches { get; }

    internal int GradientLength { get; }

    /// <inheritdoc/>
    public void LoadStart() => Inner.LoadStart();

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState) => Inner.Initialize(state, optimizerState);

    /// <inheritdoc/>
    public IContributor CreateContributor() => new Contributor(this);

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step) =>
        Update(new UpdateBuffers(state, state, optimizerState, sum), step, PartsInTurn.Instance);

    /// <inheritdoc/>
    public UpdateOutcome Update(in UpdateBuffers buffers, in StepContext step, IPartRunner runner)
    {
        if (buffers.Rest is { } rest) buffers.Sum.Add(rest);
        Span<float> sum = buffers.Sum.Floats;
        Span<float> counts = sum.Slice(MicroBatches * GradientLength, MicroBatches), exact = sum[^Inner.ExactLength..];
        float[] gradients = new float[MicroBatches * GradientLength];
        bool[] lying = new bool[MicroBatches];
        int present = 0;
        float examples = 0;
        for (int m = 0; m < MicroBatches; m++)
        {
            ReadOnlySpan<float> gradient = sum.Slice(m * GradientLength, GradientLength);
            if (counts[m] == 0) continue;
            examples += counts[m];
            lying[present] = _lying[m];
            gradient.CopyTo(gradients.AsSpan(present++ * GradientLength));
        }
        _lies?.Tell(gradients, lying.AsSpan(0, present), GradientLength);
        present = WithoutNotFinite(gradients, present);
        if (present == 0 && examples > 0) throw new DivergedException(step.Step, "gradients of micro-batches", "numbers that are not", DivergedException.AdviceAt(step.Step));
        NumericBuffer numbers = NumericBufferPool.Shared.Rent(Numbers, Inner.ContributionLength);
        Span<float> combined = numbers.Floats[..GradientLength];
        combined.Clear();
        if (present > 0) _aggregate.Aggregate(gradients.AsSpan(0, present * GradientLength), present, combined);
        Reductions.Scale(combined, examples);
        exact.CopyTo(numbers.Floats[GradientLength..]);
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

    private int WithoutNotFinite(float[] gradients, int count)
    {
        int kept = 0;
        for (int m = 0; m < count; m++)
        {
            ReadOnlySpan<float> gradient = gradients.AsSpan(m * GradientLength, GradientLength);
            if (!Reductions.AllFinite(gradient)) continue;
            if (kept != m) gradient.CopyTo(gradients.AsSpan(kept * GradientLength));
            kept++;
        }
        return kept;
    }

    private sealed class Contributor(RobustLearner learner) : LeafContributor(learner)
    {
        private readonly IContributor _inner = learner.Inner.CreateContributor();
        private readonly NumericBuffer _numbers = new(learner.Numbers, learner.Inner.ContributionLength);

        public override void Evaluate(NumericBuffer state, RowRange rows, Span<double> sums) => _inner.Evaluate(state, rows, sums);

        public override void Predict(NumericBuffer state, RowRange rows, Span<double> predictions, Span<double> scores) =>
            _inner.Predict(state, rows, predictions, scores);

        protected override void ContributeLeaf(NumericBuffer state, in MicroBatch leaf, NumericBuffer contribution, in StepContext step)
        {
            contribution.Clear();
            if (leaf.Count == 0) return;
            _inner.Contribute(state, new ReadOnlySpan<MicroBatch>(in leaf), _numbers, step);
            int length = learner.GradientLength;
            Span<float> place = contribution.Floats.Slice(leaf.Shard.Index * length, length);
            for (int i = 0; i < length; i++) place[i] = _numbers.Floats[i] / leaf.Count;
            contribution.Floats[(learner.MicroBatches * length) + leaf.Shard.Index] = leaf.Count;
            _numbers.Floats[length..].CopyTo(contribution.Floats[^learner.Inner.ExactLength..]);
        }
    }
}
