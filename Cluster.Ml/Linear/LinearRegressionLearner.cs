using System.Buffers;
using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Linear;

/// <summary>Linear regression by least squares, in one step over all rows.</summary>
/// <remarks>
/// Objective    (1/n) Σ(y − b₀ − xᵀb)² + λ₁Σ|bⱼ| + λ₂Σbⱼ²
/// Assumptions  none on the features: a column that depends on those before it gets the coefficient 0
/// Shapes       state [b₀, b [p], their standard errors [p + 1] (0 with penalties; with λ₁ the first is the duality gap of the descent, relative
///              to the sum of squares that least squares explains), residual standard deviation, mean of y];
///              contribution [R of the rows (1, x, y) [(p+2)(p+3)/2], statistics [3]]
/// Complexity   fit O(n·p²), predict O(p) a row
/// Determinism  contributions combine by the QR of two stacked factors, in the order of the summation tree
/// Source       Demmel et al., SIAM J. Sci. Comput. 34 (2012), § 3 (TSQR)
/// Differs      from the normal equations, which lose twice the digits on nearly dependent columns
/// </remarks>
public sealed class LinearRegressionLearner : ILearner, ILearnedNumbers, IOnnxSource
{
    private readonly DataSpec _data;
    private readonly LinearObjective _objective;
    private readonly DataShape _shape;
    private readonly int _factorLength;

    private LinearRegressionLearner(DataSpec data, LinearObjective objective, DataShape shape)
    {
        _data = data;
        _objective = objective;
        _shape = shape;
        Width = shape.Features + 2;
        _factorLength = TriangularFactor.Length(Width);
    }

    /// <inheritdoc/>
    public NumberKind Numbers => NumberKind.Float64;

    /// <inheritdoc/>
    public int StateLength => (2 * Coefficients) + 2;

    /// <inheritdoc/>
    public int OptimizerStateLength => 0;

    /// <inheritdoc/>
    public int ContributionLength => _factorLength + StepStatistics.Length;

    /// <inheritdoc/>
    public int EvaluationLength => RegressionSums.Length;

    /// <inheritdoc/>
    public bool FullBatch => true;

    /// <summary>Columns of the factor: the constant, the features, the target.</summary>
    internal int Width { get; }

    /// <summary>The intercept and one coefficient a feature.</summary>
    internal int Coefficients => _shape.Features + 1;

    private int TargetMean => (2 * Coefficients) + 1;

    /// <summary>The learner of a job.</summary>
    /// <param name="spec">Penalties are read from training.regularize.</param>
    /// <param name="shape">Features of the data.</param>
    /// <exception cref="BadInputException">There are too many features for one triangular factor.</exception>
    public static LinearRegressionLearner Create(JobSpec spec, DataShape shape) => Create(spec, shape, LinearObjective.Of(spec));

    /// <summary>The learner of a job whose penalties are said otherwise.</summary>
    internal static LinearRegressionLearner Create(JobSpec spec, DataShape shape, LinearObjective objective)
    {
        const int featuresMax = 4_096;       // the contribution grows with its square: 64 MiB here
        return shape.Features <= featuresMax ? new LinearRegressionLearner(spec.Data, objective, shape)
            : throw new BadInputException(spec.Data.Source, null, null, $"at most {featuresMax} features for {spec.Model.Kind}", $"{shape.Features}", "leave out columns with data.ignore");
    }

    /// <inheritdoc/>
    public void Initialize(NumericBuffer state, NumericBuffer optimizerState) => state.Clear();

    /// <inheritdoc/>
    public IContributor CreateContributor() => new LinearRegressionContributor(this);

    /// <inheritdoc/>
    public void Combine(NumericBuffer left, NumericBuffer right)
    {
        double[] block = ArrayPool<double>.Shared.Rent(Width * Width), scratch = ArrayPool<double>.Shared.Rent(TriangularFactor.ScratchLength(Width));
        TriangularFactor.Merge(left.Doubles[.._factorLength], right.Doubles[.._factorLength], Width, block, scratch);
        ArrayPool<double>.Shared.Return(block);
        ArrayPool<double>.Shared.Return(scratch);
        Span<double> statistics = left.Doubles[_factorLength..];
        for (int i = 0; i < statistics.Length; i++) statistics[i] += right.Doubles[_factorLength + i];
    }

    /// <inheritdoc/>
    public UpdateOutcome Update(NumericBuffer state, NumericBuffer optimizerState, NumericBuffer sum, in StepContext step)
    {
        Span<double> numbers = sum.Doubles, model = state.Doubles;
        double examples = numbers[_factorLength + StepStatistics.Examples];
        if (!DoubleVectors.AllFinite(numbers)) throw new DivergedException(step.Step, _objective.Kind, "sums that are not", DivergedException.TooLarge);
        if (examples == 0) return new UpdateOutcome(true, 0, 0);
        double residualSquares = Solve(numbers[.._factorLength], examples, model);
        if (!DoubleVectors.AllFinite(model)) throw new DivergedException(step.Step, _objective.Kind, "coefficients that are not", DivergedException.TooLarge);
        return new UpdateOutcome(true, residualSquares / examples, (long)examples);
    }

    /// <inheritdoc/>
    public Metrics Measure(ReadOnlySpan<double> evaluationSums) => RegressionSums.Measure(evaluationSums);

    /// <inheritdoc/>
    public ModelSummary Summarize(NumericBuffer state)
    {
        string Number(int i) => state.Doubles[i].ToString("G10", System.Globalization.CultureInfo.InvariantCulture);
        bool errors = _objective.IsPlain;
        List<IReadOnlyList<string>> rows = [];
        for (int i = 0; i < Coefficients; i++)
            rows.Add([i == 0 ? "(intercept)" : _shape.FeatureNames[i - 1], Number(i), errors ? Number(Coefficients + i) : "-"]);
        return new ModelSummary(
            $"{_objective.Kind.Replace('-', ' ')} of {_shape.Features} features", ["feature", "coefficient", "standard error"], rows,
            [errors ? $"residual standard deviation {Number(2 * Coefficients)}" : _objective.Describe(), .. NotesOfDescent(state.Doubles), .. ModelSummary.OfScaled("coefficients", _data)]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<LearnedNumbers> Learned(NumericBuffer state, Preprocessing preprocessing)
    {
        IReadOnlyList<LearnedNumbers> numbers = SourceUnits.Of(state.Doubles[..Coefficients], preprocessing.Scaler);
        return _objective.MeanL1 > 0 ? [.. numbers, LearnedNumbers.Scalar("duality_gap", state.Doubles[Coefficients])] : numbers;
    }

    void IOnnxSource.WriteOnnx(OnnxModel model, NumericBuffer state)
    {
        string products = model.Graph.Add("MatMul", [model.Rows, model.Vector(state.Doubles.Slice(1, _shape.Features))]);
        model.OutputNumber(model.Graph.Add("Add", [products, model.Vector(state.Doubles[..1])]));
    }

    /// <summary>b₀ + xᵀb.</summary>
    internal double Predict(ReadOnlySpan<double> model, ReadOnlySpan<double> x) => model[0] + DoubleVectors.Dot(x, model.Slice(1, _shape.Features));

    /// <summary>How many coefficients are not 0, and whether the descent came to its end.</summary>
    private IEnumerable<string> NotesOfDescent(ReadOnlySpan<double> model)
    {
        if (_objective.MeanL1 == 0) return [];
        int chosen = 0;
        foreach (double coefficient in model[1..Coefficients])
            if (coefficient != 0) chosen++;
        string count = $"{chosen} of {_shape.Features} coefficients are not 0";
        return model[Coefficients] <= LassoDescent.GapTolerance ? [count]
            : [count, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the descent stopped at a duality gap of {model[Coefficients]:G3}: put the columns on one scale (data.scale: standard), or raise the penalty")];
    }

    private double Solve(ReadOnlySpan<double> factor, double examples, Span<double> model)
    {
        int p = Coefficients, own = Math.Min(p, TriangularFactor.RowsOf(factor, Width));      // fewer than p if there are fewer rows of data
        bool ridge = _objective.IsRidge;
        int ridgeRows = ridge && own == p ? p - 1 : 0, rows = own + ridgeRows;
        (var matrix, var right) = (new double[p * rows], new double[rows]);
        Unpack(factor, matrix, rows, own, right);
        for (int j = 0; j < ridgeRows; j++) matrix[((j + 1) * rows) + p + j] = Math.Sqrt(_objective.RidgeOf(examples));
        double unexplained = factor[^1] * factor[^1];
        model[TargetMean] = right[0] / matrix[0];
        return _objective.MeanL1 > 0 ? SolveLasso(matrix, own, right, examples, unexplained, model)
            : ridge && own < p ? SolveWideRidge(factor, matrix, own, right, examples, unexplained, model)
            : SolveDirectly(matrix, rows, own, right, examples, unexplained, model);
    }

    private double SolveDirectly(double[] matrix, int rows, int own, double[] right, double examples, double unexplained, Span<double> model)
    {
        int p = Coefficients;
        (double[] original, double[] target) = ((double[])matrix.Clone(), (double[])right.Clone());
        LeastSquares system = LeastSquares.Factor(matrix, rows, p, right, examples);
        double[] solution = system.Solve();
        solution.CopyTo(model);
        double squares = unexplained + ResidualSquares(original, rows, own, target, solution);
        double freedom = examples - system.Rank;
        double variance = freedom > 0 && _objective.IsPlain ? squares / freedom : 0;
        double[] inverse = variance > 0 ? system.InverseDiagonal() : new double[p];
        for (int j = 0; j < p; j++) model[p + j] = Math.Sqrt(variance * inverse[j]);
        model[2 * p] = freedom > 0 ? Math.Sqrt(squares / freedom) : 0;
        return squares;
    }

    /// <summary>Of fewer rows than coefficients: the few rows are absorbed into the penalty's rows, which are a triangle already.</summary>
    private double SolveWideRidge(ReadOnlySpan<double> factor, double[] matrix, int own, double[] right, double examples, double unexplained, Span<double> model)
    {
        int p = Coefficients;
        (var penalized, var scratch, var block) = (new double[_factorLength], new double[TriangularFactor.ScratchLength(Width)], new double[own * Width]);
        for (int j = 1; j < p; j++) penalized[TriangularFactor.Diagonal(j, Width)] = Math.Sqrt(_objective.RidgeOf(examples));
        for (int i = 0; i < own; i++) factor.Slice(TriangularFactor.Diagonal(i, Width), Width - i).CopyTo(block.AsSpan((i * Width) + i));
        TriangularFactor.Absorb(penalized, block, own, Width, scratch);
        double[] solution = TriangularFactor.Solve(penalized, Width);
        solution.CopyTo(model);
        double squares = unexplained + ResidualSquares(matrix, own, own, right, solution), freedom = examples - own;
        model.Slice(p, p).Clear();
        model[2 * p] = freedom > 0 ? Math.Sqrt(squares / freedom) : 0;
        return squares;
    }

    /// <summary>The models of some penalties, each found from the one before.</summary>
    /// <param name="sum">The contributions of all rows.</param>
    /// <param name="ratio">The share of the absolute coefficients in the penalty, above 0.</param>
    /// <param name="alphasOf">From the smallest penalty that leaves no coefficient, the penalties, descending.</param>
    internal IReadOnlyList<(double Alpha, double[] Model, double Gap)> PathOf(NumericBuffer sum, double ratio, Func<double, IReadOnlyList<double>> alphasOf)
    {
        ReadOnlySpan<double> factor = sum.Doubles[.._factorLength];
        double examples = sum.Doubles[_factorLength + StepStatistics.Examples];
        int p = Coefficients, own = Math.Min(p, TriangularFactor.RowsOf(factor, Width));
        (double[] matrix, double[] right) = (new double[p * own], new double[own]);
        Unpack(factor, matrix, own, own, right);
        LassoDescent descent = Centred(matrix, own, right);
        List<(double, double[], double)> models = [];
        foreach (double alpha in alphasOf(descent.LargestPull() / examples / ratio))
        {
            double gap = descent.Descend(examples * alpha * ratio, examples * alpha * (1 - ratio));
            models.Add((alpha, [InterceptOf(matrix, own, right, descent.Coefficients), .. descent.Coefficients], gap));
        }
        return models;
    }

    private double SolveLasso(double[] matrix, int own, double[] right, double examples, double unexplained, Span<double> model)
    {
        int p = Coefficients;
        LassoDescent descent = Centred(matrix, own, right);
        double gap = descent.Descend(examples * _objective.MeanL1 / 2, examples * _objective.MeanL2);
        double[] solution = [InterceptOf(matrix, own, right, descent.Coefficients), .. descent.Coefficients];
        solution.CopyTo(model);
        model.Slice(p, p).Clear();
        model[p] = gap;
        double squares = unexplained + ResidualSquares(matrix, own, own, right, solution);
        model[2 * p] = Math.Sqrt(squares / examples);
        return squares;
    }

    /// <summary>Row 0 of the factor determines the intercept alone, so that the others stand for the centred columns.</summary>
    private LassoDescent Centred(double[] matrix, int own, double[] right)
    {
        int p = Coefficients;
        double[][] centred = [.. Enumerable.Range(1, p - 1).Select(j => matrix.AsSpan(j * own, own)[1..].ToArray())];
        double[] leastSquares = [.. Enumerable.Range(1, p - 1).Select(j => LeastSquares.DependenceTolerance * LeastSquares.DependenceTolerance
            * DoubleVectors.Dot(matrix.AsSpan(j * own, own), matrix.AsSpan(j * own, own)))];
        return new LassoDescent(centred, right.AsSpan(1), leastSquares);
    }

    private static double InterceptOf(double[] matrix, int own, double[] right, ReadOnlySpan<double> coefficients)
    {
        double intercept = right[0];
        for (int j = 1; j <= coefficients.Length; j++) intercept = Math.FusedMultiplyAdd(-matrix[j * own], coefficients[j - 1], intercept);
        return intercept / matrix[0];
    }

    /// <summary>Writes the rows of a factor as columns of so many rows, and the target's column.</summary>
    private void Unpack(ReadOnlySpan<double> factor, double[] matrix, int rows, int own, double[] right)
    {
        for (int i = 0; i < own; i++)
        {
            ReadOnlySpan<double> row = factor.Slice(TriangularFactor.Diagonal(i, Width), Width - i);
            for (int j = i; j < Coefficients; j++) matrix[(j * rows) + i] = row[j - i];
            right[i] = row[^1];
        }
    }

    // Over the data's own rows only: the rows that stand for the penalty are no examples.
    private static double ResidualSquares(double[] matrix, int rows, int own, double[] right, double[] solution)
    {
        double[] residual = right[..own];
        for (int j = 0; j < solution.Length; j++) DoubleVectors.AddScaled(-solution[j], matrix.AsSpan(j * rows, own), residual);
        return DoubleVectors.Dot(residual, residual);
    }
}
