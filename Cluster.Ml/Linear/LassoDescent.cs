namespace Cluster.Ml.Linear;

/// <summary>Least squares with L1 and L2 penalties by cyclic coordinate descent on the products of the columns.</summary>
/// <remarks>
/// Objective    P(b) = ½‖z − Ab‖² + λ₁Σ|bⱼ| + (λ₂/2)Σbⱼ²
/// Equation     bⱼ ← S(gⱼ + Gⱼⱼbⱼ, λ₁) / (Gⱼⱼ + λ₂),  G = AᵀA, g = Aᵀz − Gb (covariance updates), S(x, λ) = sign(x)·max(0, |x| − λ)
/// Stops        where no coefficient moves the fit by more than 1e-12 of ‖z‖ in a sweep and the duality gap is at most 1e-12 of ‖z‖², or after
///              100,000 sweeps, of very many columns fewer
/// Determinism  coordinates in order, one thread
/// Complexity   O(p) for each coefficient that moves; a row of G, O(m·p), when its coefficient first moves
/// Source       Friedman, Hastie, Tibshirani, "Regularization Paths for Generalized Linear Models via Coordinate Descent",
///              J. Stat. Softw. 33 (2010), § 2.1 and 2.2; the dual point of the gap: Kim, Koh, Lustig, Boyd, Gorinevsky, "An Interior-Point
///              Method for Large-Scale l1-Regularized Least Squares", IEEE J. Sel. Top. Signal Process. 1 (2007), § III
/// </remarks>
internal sealed class LassoDescent
{
    /// <summary>The largest duality gap of a descent that has come to its end, as a share of ‖z‖².</summary>
    public const double GapTolerance = 1e-12;

    private const int SweepsMax = 100_000;
    private const double WorkMax = 1e11;            // multiplications, about a minute's
    private const double MoveTolerance = 1e-12;

    private readonly double[][] _columns;           // A, [columns][rows]
    private readonly double[]?[] _products;         // rows of G that are known, [columns][columns]
    private readonly double[] _squares;             // the diagonal of G
    private readonly double[] _pulls;               // Aᵀz
    private readonly double[] _gradient;            // Aᵀz − Gb
    private readonly double[] _solution;
    private readonly double _targetSquares;
    private double _l1, _l2;

    /// <summary>A problem whose penalties are not said yet; every coefficient is 0.</summary>
    /// <param name="columns">A, [columns][rows].</param>
    /// <param name="right">z, [rows].</param>
    /// <param name="leastSquares">A column whose squares sum up to no more is constant but for rounding, and gets the coefficient 0; [columns].</param>
    public LassoDescent(double[][] columns, ReadOnlySpan<double> right, ReadOnlySpan<double> leastSquares)
    {
        _columns = columns;
        (_products, _squares, _pulls) = (new double[columns.Length][], new double[columns.Length], new double[columns.Length]);
        for (int j = 0; j < columns.Length; j++)
        {
            double squares = DoubleVectors.Dot(columns[j], columns[j]);
            _squares[j] = squares > leastSquares[j] ? squares : 0;
            _pulls[j] = DoubleVectors.Dot(columns[j], right);
        }
        (_gradient, _solution) = ((double[])_pulls.Clone(), new double[columns.Length]);
        _targetSquares = DoubleVectors.Dot(right, right);
    }

    /// <summary>The coefficients as they are.</summary>
    public ReadOnlySpan<double> Coefficients => _solution;

    /// <summary>The largest |Aᵀz|: with λ₁ from there on every coefficient is 0.</summary>
    public double LargestPull()
    {
        double most = 0;
        for (int j = 0; j < _pulls.Length; j++)
            if (_squares[j] > 0) most = Math.Max(most, Math.Abs(_pulls[j]));
        return most;
    }

    /// <summary>Goes from the coefficients as they are to those of these penalties.</summary>
    /// <returns>The duality gap that is left as a share of ‖z‖².</returns>
    public double Descend(double l1, double l2)
    {
        (_l1, _l2) = (l1, l2);
        double gap = _targetSquares == 0 ? 0 : double.PositiveInfinity;
        int sweeps = (int)Math.Clamp(WorkMax / _columns.Length / _columns.Length, 1_000, SweepsMax);
        double moveMax = MoveTolerance * Math.Sqrt(_targetSquares);
        for (int sweep = 0; sweep < sweeps && gap > GapTolerance; sweep++)
            if (Sweep() <= moveMax || sweep == sweeps - 1) gap = Gap() / _targetSquares;
        return gap;
    }

    /// <summary>Looks at each coefficient once.</summary>
    /// <returns>The farthest that one of them moves the fit.</returns>
    private double Sweep()
    {
        double farthest = 0;
        for (int j = 0; j < _solution.Length; j++)
        {
            if (_squares[j] == 0) continue;
            double pull = Math.FusedMultiplyAdd(_squares[j], _solution[j], _gradient[j]);
            double next = Math.Abs(pull) <= _l1 ? 0 : (pull - Math.CopySign(_l1, pull)) / (_squares[j] + _l2);
            double move = next - _solution[j];
            if (move == 0) continue;
            DoubleVectors.AddScaled(-move, ProductsOf(j), _gradient);
            _solution[j] = next;
            farthest = Math.Max(farthest, Math.Abs(move) * Math.Sqrt(_squares[j]));
        }
        return farthest;
    }

    /// <summary>P(b) less what the dual problem has at the residuals, shrunk until they are allowed there.</summary>
    /// <remarks>Equation  r = z − Ab, d = maxⱼ |gⱼ − λ₂bⱼ|, s = min(1, λ₁/d): gap = (1 + s²)/2·(‖r‖² + λ₂‖b‖²) + λ₁Σ|bⱼ| − s·rᵀz</remarks>
    private double Gap()
    {
        (double explained, double pulled, double size, double squares, double most) = (0, 0, 0, 0, 0);
        for (int j = 0; j < _solution.Length; j++)
        {
            double b = _solution[j];
            explained = Math.FusedMultiplyAdd(_pulls[j], b, explained);
            pulled = Math.FusedMultiplyAdd(_gradient[j], b, pulled);
            size += Math.Abs(b);
            squares = Math.FusedMultiplyAdd(b, b, squares);
            if (_squares[j] > 0) most = Math.Max(most, Math.Abs(_gradient[j] - (_l2 * b)));
        }
        double residuals = Math.Max(0, _targetSquares - explained - pulled), along = _targetSquares - explained;
        double shrink = most > _l1 ? _l1 / most : 1;
        return ((1 + (shrink * shrink)) / 2 * (residuals + (_l2 * squares))) + (_l1 * size) - (shrink * along);
    }

    private double[] ProductsOf(int j)
    {
        if (_products[j] is { } known) return known;
        var products = new double[_columns.Length];
        for (int k = 0; k < products.Length; k++) products[k] = DoubleVectors.Dot(_columns[j], _columns[k]);
        return _products[j] = products;
    }
}
