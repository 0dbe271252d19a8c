using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Linear;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.SupportVectors;

/// <summary>A support vector machine: classes pair by pair, or a number within ±ε.</summary>
/// <remarks>
/// Objective    C-SVC: min ½‖w‖² + C Σ max(0, 1 − yᵢ(w·φ(xᵢ) − ρ)), or of its square; ε-SVR: min ½‖w‖² + C Σ max(0, |tᵢ − (w·φ(xᵢ) − ρ)| − ε)
/// Assumptions  columns of comparable scale; few enough rows that all of them fit a state
/// Shapes       see SupportVectorLayout
/// Complexity   the first step gathers the rows; each other O(n·m·(d + k)) over the workers, m support vectors, then an exact solution of one working
///              set a pair at the parameter server. With at most model.working-set rows in a pair the second step only checks the first
/// Determinism  a row's values do not depend on shards, and a sum adds them to zeros: neither workers nor micro-batches change a bit. Pairs are
///              solved side by side, each alone
/// Range        the conditions are checked over all rows at values computed afresh from all support vectors; the violation is told. A model that
///              is solved keeps its support vectors and no other row
/// Source       Cortes and Vapnik, Machine Learning 20 (1995); Chang and Lin, "LIBSVM", ACM TIST 2 (2011); Fan, Chen, Lin, JMLR 6 (2005);
///              working sets: Wen et al., "ThunderSVM", JMLR 19 (2018)
/// </remarks>
public sealed class SupportVectorLearner : ILearner, IVaryingLength, ILearnedNumbers, IOnnxSource
{
    /// <summary>The most numbers of a state or contribution: 64 MiB.</summary>
    public const int NumbersMax = 1 << 23;

    private readonly JobSpec _spec;
    private readonly DataShape _shape;

    private SupportVectorLearner(JobSpec spec, DataShape shape)
    {
        (_spec, _shape, Options) = (spec, shape, spec.Model.As<SupportVectorOptions>());
        Layout = new SupportVectorLayout(shape.TrainingExamples, shape.Features, Options.Regresses ? 0 : shape.Classes.Count);
        Kernel = new Kernel(Options);
    }

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float64;

    /// <inheritdoc/>
    public int StateLength => Layout.StateLength;

    /// <inheritdoc/>
    public int OptimizerStateLength => Layout.OptimizerStateLength;

    /// <inheritdoc/>
    public int ContributionLength => Layout.ContributionLength;

    /// <inheritdoc/>
    public int StatisticsStart => 0;

    /// <inheritdoc/>
    public int LeastLength => SupportVectorLayout.Head;

    /// <inheritdoc/>
    public int EvaluationLength => Layout.Classes > 0 ? new ClassificationSums(Layout.Classes).Length : RegressionSums.Length;

    /// <inheritdoc/>
    public bool FullBatch => true;

    internal SupportVectorOptions Options { get; }

    internal SupportVectorLayout Layout { get; }

    internal Kernel Kernel { get; }

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">Kernel, C and tolerance are read from model.</param>
    /// <param name="shape">Columns, classes, and how many rows.</param>
    /// <exception cref="BadInputException">There are too many rows, or a single step.</exception>
    public static SupportVectorLearner Create(JobSpec spec, DataShape shape)
    {
        double numbers = SupportVectorLayout.NumbersOf(shape.TrainingExamples, shape.Features, shape.Classes.Count);
        if (numbers > NumbersMax)
            throw new BadInputException(
                spec.Data.Source, null, null, $"rows x (columns + classes) of at most {NumbersMax} for a support vector machine, which keeps its rows",
                FormattableString.Invariant($"{numbers:F0} ({shape.TrainingExamples} training rows, {shape.Features} columns, {shape.Classes.Count} classes)"),
                "use fewer rows (data.split, data.examples-per-class), or model.kind logistic, mlp or boosting");
        if (spec.Training.Epochs < 2)
            throw new BadInputException(
                spec.Name, null, null, "training.epochs of at least 2, as the first step gathers rows and the last checks them", $"{spec.Training.Epochs}", "raise training.epochs");
        return new SupportVectorLearner(spec, shape);
    }

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState)
    {
        state.Clear();
        optimizerState.Clear();
    }

    /// <inheritdoc/>
    public IContributor CreateContributor() => new SupportVectorContributor(this);

    /// <inheritdoc/>
    public int UsedLength(NumericBuffer contribution) => SupportVectorLayout.Head + (int)contribution.Doubles[StepStatistics.Length];

    /// <inheritdoc/>
    public bool IsSound(NumericBuffer contribution, int length)
    {
        if (length < SupportVectorLayout.Head) return false;
        double used = contribution.Doubles[StepStatistics.Length];
        return used == length - SupportVectorLayout.Head && (used == 0 || used == Layout.GatheredLength || used == Layout.DecisionsLength);
    }

    /// <summary>Each number comes from one micro-batch, and is 0 in all others.</summary>
    public void Combine(NumericBuffer left, NumericBuffer right)
    {
        int used = UsedLength(left);
        if (used != UsedLength(right))
            throw new ArgumentException($"SupportVectorLearner: wanted two contributions of one step, got {used} and {UsedLength(right)} numbers.", nameof(right));
        Span<double> to = left.Doubles[..used];
        DoubleVectors.AddScaled(1, right.Doubles[..used], to);
        to[StepStatistics.Length] = used - SupportVectorLayout.Head;
    }

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step) =>
        Update(state, optimizerState, sum, step, PartsInTurn.Instance);

    /// <inheritdoc/>
    public UpdateOutcome Update(in UpdateBuffers buffers, in StepContext step, IPartRunner runner)
    {
        buffers.Keep();
        if (buffers.Rest is { } rest) Combine(buffers.Sum, rest);
        return Update(buffers.After, buffers.OptimizerState, buffers.Sum, step, runner);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums)
    {
        if (Layout.Classes == 0) return RegressionSums.Measure(evaluationSums);
        Metrics all = new ClassificationSums(Layout.Classes).Measure(evaluationSums);
        return all["accuracy"] is { } accuracy ? new Metrics([new("accuracy", accuracy)], all.Confusion) : all;
    }

    /// <inheritdoc/>
    public IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing) =>
        SupportVectorReport.Learned(Layout, Options, state.Doubles, preprocessing.Scaler);

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state) => SupportVectorReport.Summarize(Layout, Options, state.Doubles, _shape, _spec.Data);

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state) => new OnnxSupportVectors(Layout, Options, model).Write(state.Doubles);

    private UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step, IPartRunner runner)
    {
        Span<double> statistics = sum.Doubles[..StepStatistics.Length];
        double phase = new SupportVectorHeader(state.Doubles).Phase, examples = statistics[StepStatistics.Examples];
        if (phase == SupportVectorHeader.Solved) return new UpdateOutcome(true, 0, 0);
        if (!DoubleVectors.AllFinite(sum.Doubles[..UsedLength(sum)])) throw Diverged(step.Step, "decision values that are not");
        SupportVectorStep solver = new(Layout, Options, Kernel, state, optimizerState, sum);
        if (phase == SupportVectorHeader.Gathering) solver.TakeRows(step.Step, _shape.Classes);
        bool solved = solver.Run(runner);
        if (!solver.IsFinite || !DoubleVectors.AllFinite(state.Doubles)) throw Diverged(step.Step, "kernel values or coefficients that are not");
        if (solved) solver.End();
        return phase == SupportVectorHeader.Gathering
            ? new UpdateOutcome(false, double.NaN, 0)
            : new UpdateOutcome(solved, statistics[StepStatistics.LossSum] / examples, (long)examples);
    }

    private static DivergedException Diverged(long step, string what) => new(step, "support vector machine", what, $"lower model.c, or change the kernel; or {DivergedException.TooLarge}");
}
