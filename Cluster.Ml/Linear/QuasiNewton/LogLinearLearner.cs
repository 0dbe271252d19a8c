using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Linear.QuasiNewton;

/// <summary>Logistic or softmax regression by L-BFGS over all rows.</summary>
/// <remarks>
/// Objective    F(b) = (1/n) Σ −ln p(yᵢ | xᵢ) + λ₂ Σ b² + λ₁ Σ |b|, intercepts not penalised; p the softmax of zₖ = b₀ₖ + xᵀbₖ, or of two classes
///              σ(z) with one z. scikit-learn's C is the same problem at λ₂ = 1 / (2·C·n), or for L1 at λ₁ = 1 / (C·n)
/// Assumptions  columns of comparable scale, for few steps
/// Shapes       state [outputs, 1 + p], an output's intercept first; contribution [gradient [outputs, 1 + p], statistics [3]]
/// Complexity   O(n·p·outputs) a step, some tens of steps; no matrix of p², unlike newton
/// Determinism  sums in row order
/// Source       see LimitedMemory
/// </remarks>
public sealed class LogLinearLearner : ILearner, ILearnedNumbers, IOnnxSource
{
    internal const string Optimizer = "lbfgs";

    private readonly JobSpec _spec;
    private readonly DataShape _shape;
    private readonly LimitedMemory _steps;
    private readonly double[] _penalties;

    private LogLinearLearner(JobSpec spec, DataShape shape, int outputs)
    {
        (_spec, _shape, Outputs) = (spec, shape, outputs);
        _steps = new LimitedMemory(StateLength);
        double l1 = spec.Training.Regularize.L1;
        _penalties = l1 > 0 ? [.. Enumerable.Range(0, StateLength).Select(i => i % Width == 0 ? 0 : l1)] : [];
    }

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float64;

    /// <inheritdoc/>
    public int StateLength => checked(Outputs * Width);

    /// <inheritdoc/>
    public int OptimizerStateLength => _steps.HeldLength;

    /// <inheritdoc/>
    public int ContributionLength => StateLength + StepStatistics.Length;

    /// <inheritdoc/>
    public int EvaluationLength => Sums.Length;

    /// <inheritdoc/>
    public bool FullBatch => true;

    internal ClassificationSums Sums => new(_shape.Classes.Count);

    /// <summary>1 for two classes of a logistic regression, otherwise the classes.</summary>
    internal int Outputs { get; }

    /// <summary>Numbers of an output.</summary>
    internal int Width => _shape.Features + 1;

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">The penalties are training.regularize; training.tolerance ends training.</param>
    /// <param name="shape">Classes.</param>
    /// <param name="outputs">1 for a logistic regression, 0 for as many as there are classes.</param>
    /// <exception cref="BadInputException">There are too many classes and features.</exception>
    public static LogLinearLearner Create(JobSpec spec, DataShape shape, int outputs = 0)
    {
        const int most = 1 << 22;
        int used = outputs > 0 ? outputs : shape.Classes.Count;
        if (used * (shape.Features + 1L) > most)
            throw new BadInputException(
                spec.Data.Source, null, null, $"classes x (columns + 1) of at most {most} with optimizer {Optimizer}", $"{used * (shape.Features + 1L)}", "use optimizer sgd or adam");
        return new LogLinearLearner(spec, shape, used);
    }

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState)
    {
        state.Clear();
        optimizerState.Clear();
    }

    /// <inheritdoc/>
    public IContributor CreateContributor() => new LogLinearContributor(this);

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        Span<double> sums = sum.Doubles, model = state.Doubles, statistics = sums[^StepStatistics.Length..];
        if (!DoubleVectors.AllFinite(sums)) throw new DivergedException(step.Step, "log-linear model", "sums that are not", DivergedException.TooLarge);
        double examples = statistics[StepStatistics.Examples];
        if (examples == 0) return new UpdateOutcome(true, 0, 0);
        double loss = statistics[StepStatistics.LossSum] / examples, objective = loss;
        Span<double> gradient = sums[..StateLength];
        for (int i = 0; i < gradient.Length; i++)
        {
            double b = i % Width == 0 ? 0 : model[i];
            gradient[i] = (gradient[i] / examples) + (2 * _spec.Training.Regularize.L2 * b);
            objective += (_spec.Training.Regularize.L2 * b * b) + (_spec.Training.Regularize.L1 * Math.Abs(b));
        }
        bool converged = _steps.Next(model, gradient, objective, _penalties, optimizerState.Doubles, _spec.Training.Tolerance);
        if (!DoubleVectors.AllFinite(model)) throw new DivergedException(step.Step, "log-linear model", "coefficients that are not", DivergedException.TooLarge);
        return new UpdateOutcome(converged, loss, (long)examples);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => Sums.Measure(evaluationSums);

    /// <inheritdoc/>
    public IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing)
    {
        if (Outputs == 1) return SourceUnits.Of(state.Doubles, preprocessing.Scaler);
        List<double> coefficients = [], intercepts = [];
        for (int output = 0; output < Outputs; output++)
        {
            IReadOnlyList<LearnedNumbers> inUnits = SourceUnits.Of(state.Doubles.Slice(output * Width, Width), preprocessing.Scaler);
            coefficients.AddRange(inUnits[0].Values);
            intercepts.AddRange(inUnits[1].Values);
        }
        return [LearnedNumbers.Matrix("coefficients", _shape.Features, coefficients), LearnedNumbers.Vector("intercept", intercepts)];
    }

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state)
    {
        int features = _shape.Features;
        (double[] intercepts, double[] slopes) = (new double[Outputs], new double[features * Outputs]);
        for (int output = 0; output < Outputs; output++)
        {
            ReadOnlySpan<double> numbers = state.Doubles.Slice(output * Width, Width);
            intercepts[output] = numbers[0];
            for (int f = 0; f < features; f++) slopes[(f * Outputs) + output] = numbers[f + 1];
        }
        string product = model.Graph.Add("MatMul", [model.Rows, model.Graph.Constant(OnnxTensor.Of(slopes, features, Outputs))]);
        string z = model.Graph.Add("Add", [product, model.Vector(intercepts)]);
        if (Outputs == 1) model.OutputLogOdds(z);
        else model.OutputClass(model.IndexOfMost(z), model.Graph.Add("Exp", [model.Graph.Add("Sub", [z, model.LogSumOfExponentials(z)])]));
    }

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state)
    {
        const int shown = 7;
        List<IReadOnlyList<string>> rows = [];
        int outputs = Math.Min(shown, Outputs);
        for (int i = 0; i < Width; i++)
        {
            List<string> cells = [i == 0 ? "(intercept)" : _shape.FeatureNames[i - 1]];
            for (int output = 0; output < outputs; output++) cells.Add(state.Doubles[(output * Width) + i].ToString("G10", CultureInfo.InvariantCulture));
            rows.Add(cells);
        }
        string[] columns = Outputs == 1 ? ["coefficient"] : [.. _shape.Classes.Take(outputs)];
        return new ModelSummary(
            Outputs == 1
                ? $"logistic regression of {_shape.Features} features: log-odds of '{_shape.Classes[1]}' against '{_shape.Classes[0]}'"
                : $"softmax regression of {_shape.Features} features, {Outputs} classes",
            ["feature", .. columns], rows,
            [$"penalty L2 {_spec.Training.Regularize.L2}, L1 {_spec.Training.Regularize.L1}", .. ModelSummary.OfScaled("coefficients", _spec.Data)]);
    }
}
