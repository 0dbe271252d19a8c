using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Linear;

/// <summary>Logistic regression of two classes by damped Newton steps over all rows.</summary>
/// <remarks>
/// Objective    F(b) = (1/n) Σ [log(1 + e^zᵢ) − yᵢzᵢ] + λΣbⱼ²,  zᵢ = b₀ + xᵢᵀb; the intercept is not penalised.
///              scikit-learn's C (it minimises C·Σ loss + ½Σbⱼ²) is the same problem at λ = 1 / (2·C·n)
/// Assumptions  classes that no plane parts exactly, or λ &gt; 0; else the coefficients grow until the mean loss is below
///              <see cref="Separated"/>: it has no minimum, and each further step takes a whole factor e from nothing
/// Shapes       state [b₀, b [p]]; optimizerState [last accepted state, Newton direction, step length, its objective];
///              contribution [gradient [p+1], Hessian's lower triangle [(p+1)(p+2)/2], statistics [3]]
/// Complexity   O(n·p²) a step, about ten steps
/// Determinism  sums in row order, Cholesky in column order
/// Source       Bishop, Pattern Recognition and Machine Learning (2006), § 4.3.3 (iteratively reweighted least squares);
///              step halving: Nocedal and Wright, Numerical Optimization (2006), § 3.1
/// </remarks>
public sealed class LogisticNewtonLearner : ILearner, ILearnedNumbers, IOnnxSource
{
    private const double ShortestStep = 1e-9;

    /// <summary>A mean loss that no probability in double precision tells from 0.</summary>
    private const double Separated = 1e-16;

    private const double ObjectiveRounding = 1e-13;

    private readonly JobSpec _spec;
    private readonly DataShape _shape;

    private LogisticNewtonLearner(JobSpec spec, DataShape shape)
    {
        _spec = spec;
        _shape = shape;
    }

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float64;

    /// <inheritdoc/>
    public int StateLength => _shape.Features + 1;

    /// <inheritdoc/>
    public int OptimizerStateLength => (2 * StateLength) + 2;

    /// <inheritdoc/>
    public int ContributionLength => StateLength + PackedCholesky.Length(StateLength) + StepStatistics.Length;

    /// <inheritdoc/>
    public int EvaluationLength => Sums.Length;

    /// <inheritdoc/>
    public bool FullBatch => true;

    internal static ClassificationSums Sums => new(2);

    private double Regularizer => _spec.Training.Regularize.L2;

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">The penalty is training.regularize.l2; training.tolerance ends training.</param>
    /// <param name="shape">Two classes.</param>
    /// <exception cref="BadInputException">There are not two classes, an L1 penalty is asked for, or there are too many features.</exception>
    public static LogisticNewtonLearner Create(JobSpec spec, DataShape shape)
    {
        const int featuresMax = 4_096;       // the contribution grows with its square: 64 MiB here
        if (shape.Classes.Count != 2)
            throw new BadInputException(spec.Data.Source, null, null, "2 classes for model.kind logistic", $"{shape.Classes.Count}", "use model.kind softmax for more than two");
        if (spec.Training.Regularize.L1 > 0)
            throw new BadInputException(spec.Name, null, null, "training.regularize.l1 of 0 with optimizer newton", $"{spec.Training.Regularize.L1}", "use optimizer sgd or adam, or l2");
        if (shape.Features > featuresMax)
            throw new BadInputException(spec.Data.Source, null, null, $"at most {featuresMax} features with optimizer newton", $"{shape.Features}", "use optimizer sgd or adam");
        return new LogisticNewtonLearner(spec, shape);
    }

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState)
    {
        state.Clear();
        optimizerState.Clear();
    }

    /// <inheritdoc/>
    public IContributor CreateContributor() => new LogisticNewtonContributor(this);

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        Span<double> sums = sum.Doubles, model = state.Doubles, statistics = sums[^StepStatistics.Length..];
        if (!DoubleVectors.AllFinite(sums)) throw new DivergedException(step.Step, "logistic regression", "sums that are not", DivergedException.TooLarge);
        double examples = statistics[StepStatistics.Examples];
        if (examples == 0) return new UpdateOutcome(true, 0, 0);
        double loss = statistics[StepStatistics.LossSum] / examples;
        double objective = loss + (Regularizer * DoubleVectors.Dot(model[1..], model[1..]));
        NewtonState held = new(optimizerState.Doubles, StateLength);
        bool converged = step.Step > 0 && objective > held.Objective + (ObjectiveRounding * Math.Abs(held.Objective))
            ? !TakeShorterStep(held, model)
            : TakeNewtonStep(held, model, sums, examples, objective);
        if (!DoubleVectors.AllFinite(model)) throw new DivergedException(step.Step, "logistic regression", "coefficients that are not", DivergedException.TooLarge);
        return new UpdateOutcome(converged, loss, (long)examples);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => Sums.Measure(evaluationSums);

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state)
    {
        string Number(int i) => state.Doubles[i].ToString("G10", System.Globalization.CultureInfo.InvariantCulture);
        List<IReadOnlyList<string>> rows = [];
        for (int i = 0; i < StateLength; i++) rows.Add([i == 0 ? "(intercept)" : _shape.FeatureNames[i - 1], Number(i)]);
        return new ModelSummary(
            $"logistic regression of {_shape.Features} features: log-odds of '{_shape.Classes[1]}' against '{_shape.Classes[0]}'",
            ["feature", "coefficient"], rows, [$"penalty L2 {Regularizer}", .. ModelSummary.OfScaled("coefficients", _spec.Data)]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing) => SourceUnits.Of(state.Doubles, preprocessing.Scaler);

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state)
    {
        string slopes = model.Graph.Constant(OnnxTensor.Of(state.Doubles[1..], _shape.Features, 1));
        model.OutputLogOdds(model.Graph.Add("Add", [model.Graph.Add("MatMul", [model.Rows, slopes]), model.Vector(state.Doubles[..1])]));
    }

    private static bool TakeShorterStep(NewtonState held, Span<double> model)
    {
        held.StepLength /= 2;
        held.Accepted.CopyTo(model);
        if (held.StepLength < ShortestStep) return false;       // no point near the last one is better: it is the minimum
        DoubleVectors.AddScaled(held.StepLength, held.Direction, model);
        return true;
    }

    private bool TakeNewtonStep(NewtonState held, Span<double> model, Span<double> sums, double examples, double objective)
    {
        int p = StateLength;
        Span<double> gradient = sums[..p], hessian = sums.Slice(p, PackedCholesky.Length(p));
        for (int i = 0; i < hessian.Length; i++) hessian[i] /= examples;
        for (int i = 0; i < p; i++)
        {
            gradient[i] = (gradient[i] / examples) + (i == 0 ? 0 : 2 * Regularizer * model[i]);
            if (i > 0) hessian[PackedCholesky.Diagonal(i)] += 2 * Regularizer;
        }
        for (int i = 0; i < p; i++) held.Direction[i] = -gradient[i];
        PackedCholesky.Factor(hessian, p, examples);
        PackedCholesky.Solve(hessian, p, held.Direction);
        double decrement = -DoubleVectors.Dot(gradient, held.Direction);     // twice the gain that a quadratic would give
        model.CopyTo(held.Accepted);
        held.Objective = objective;
        held.StepLength = 1;
        DoubleVectors.AddScaled(1, held.Direction, model);
        return decrement / 2 <= _spec.Training.Tolerance * Math.Abs(objective) || objective < Separated;
    }

    private readonly ref struct NewtonState(Span<double> optimizerState, int length)
    {
        private readonly Span<double> _tail = optimizerState[(2 * length)..];

        public Span<double> Accepted { get; } = optimizerState[..length];

        public Span<double> Direction { get; } = optimizerState.Slice(length, length);

        public double StepLength
        {
            get => _tail[0];
            set => _tail[0] = value;
        }

        public double Objective
        {
            get => _tail[1];
            set => _tail[1] = value;
        }
    }
}
