using Cluster.Ml.Compression;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Learning;
using Cluster.Ml.Learning.Ranges;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn;

/// <summary>A learner whose contribution is a gradient, and whose update is one step of an optimizer.</summary>
/// <remarks>
/// Equation  see <see cref="OptimizerStep"/>
/// Shapes    see <see cref="StepLayout"/>
/// </remarks>
public abstract class GradientLearner : IRangedLearner, ICompressible, IGradientNorms
{
    private readonly OptimizerStep _step;

    private protected GradientLearner(OptimizerStep step) => _step = step;

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float32;

    /// <inheritdoc/>
    public int StateLength => _step.Layout.StateLength;

    /// <inheritdoc/>
    public int OptimizerStateLength => _step.Layout.OptimizerStateLength;

    /// <inheritdoc/>
    public int ContributionLength => checked(RangedLength + StepStatistics.Length);

    /// <inheritdoc/>
    public int RangedLength => _step.Layout.RangedLength;

    /// <inheritdoc/>
    public int ExactLength => ContributionLength - _step.Layout.GradientCount;

    /// <inheritdoc/>
    public abstract int EvaluationLength { get; }

    /// <inheritdoc/>
    public bool FullBatch => false;

    /// <inheritdoc/>
    public virtual bool PredictsByRowAlone => true;

    /// <inheritdoc/>
    public ParameterRange Whole => _step.Layout.Whole;

    /// <inheritdoc/>
    public IReadOnlyList<string> GradientLayers => _step.Layout.GradientLayers;

    /// <inheritdoc/>
    public virtual void LoadStart()
    {
    }

    /// <inheritdoc/>
    public abstract void Initialize(NumericBuffer state, NumericBuffer optimizerState);

    /// <inheritdoc/>
    public abstract IContributor CreateContributor();

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step) =>
        ((IRangedLearner)this).Update(new UpdateBuffers(state, state, optimizerState, sum), step, PartsInTurn.Instance);

    /// <inheritdoc/>
    public IReadOnlyList<ParameterRange> Cut(int servers) => _step.Layout.Cut(servers);

    /// <inheritdoc/>
    public int SquaresLength(ParameterRange range, in StepContext step) => _step.SquaresLength(range, step);

    /// <inheritdoc/>
    public void Square(ParameterRange range, ReadOnlySpan<float> sum, in StepContext step, Span<float> squares) => _step.Square(range, sum, step, squares);

    /// <inheritdoc/>
    public RangedStep Decide(ReadOnlySpan<float> common, ReadOnlySpan<float> squares, in StepContext step) => _step.Decide(common, squares, step);

    /// <inheritdoc/>
    public void UpdateRange(ParameterRange range, in UpdateBuffers buffers, double? scale, in StepContext step, IPartRunner runner) =>
        _step.UpdateRange(range, buffers, scale, step, runner);

    /// <inheritdoc/>
    public double[] GradientNorms(NumericBuffer optimizerState)
    {
        Require(optimizerState, OptimizerStateLength, nameof(optimizerState));
        return _step.Layout.Cells.Read(optimizerState.Floats[^_step.Layout.Cells.Length..]);
    }

    /// <inheritdoc/>
    public abstract Metrics Measure(ReadOnlySpan<double> evaluationSums);

    /// <inheritdoc/>
    public abstract ModelSummary Summarize(NumericBuffer state);

    /// <summary>Requires a buffer of single precision and of some length.</summary>
    /// <exception cref="ArgumentException">It is another one.</exception>
    internal void Require(NumericBuffer buffer, int length, string name) => buffer.Require(Numbers, length, GetType().Name, name);
}
