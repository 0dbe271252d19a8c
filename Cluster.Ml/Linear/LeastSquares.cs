namespace Cluster.Ml.Linear;

/// <summary>Solves min ‖Ab − z‖² for a small dense A by Householder reflections; leaves out columns that depend on those before them.</summary>
/// <remarks>
/// Equation  A = QR, R b = Qᵀz by back substitution
/// Range     a column whose part orthogonal to the columns before it is below the tolerance times its length gets the coefficient 0, as in R's
///           lm (which uses 1e-7, too large for the NIST problem Filip): <see cref="DependenceTolerance"/>, and of very many rows what their
///           factor may be off by, as each block of equal rows that it absorbed rounded it in the same direction
/// Cost      O(m·p²)
/// Source    Golub and Van Loan, Matrix Computations, § 5.3; the limited pivoting of LINPACK's dqrdc2
/// </remarks>
internal sealed class LeastSquares
{
    public const double DependenceTolerance = 1e-13;

    private readonly int _rows, _columns;
    private readonly double[] _matrix;              // [columns, rows]: one column after the other
    private readonly int[] _pivotRow;               // row of R that determines the column, or −1
    private readonly double[] _right;
    private readonly double _tolerance;
    private int _rank;

    private LeastSquares(double[] columnMajor, int rows, int columns, double[] right, double tolerance)
    {
        _tolerance = tolerance;
        (_matrix, _rows, _columns, _right) = (columnMajor, rows, columns, right);
        _pivotRow = new int[columns];
    }

    /// <summary>How many columns are independent.</summary>
    public int Rank => _rank;

    /// <summary>Σ of squares that no coefficients can remove.</summary>
    public double ResidualSquares { get; private set; }

    /// <summary>Factors the system.</summary>
    /// <param name="columnMajor">[columns, rows], destroyed.</param>
    /// <param name="rows">m.</param>
    /// <param name="columns">p.</param>
    /// <param name="right">[rows], destroyed.</param>
    /// <param name="examples">How many rows of data the system stands for.</param>
    public static LeastSquares Factor(double[] columnMajor, int rows, int columns, double[] right, double examples)
    {
        double rounding = 4 * (double.BitIncrement(1) - 1) * examples / TriangularFactor.BlockRows;
        LeastSquares system = new(columnMajor, rows, columns, right, Math.Max(DependenceTolerance, rounding));
        for (int j = 0; j < columns; j++) system.Eliminate(j);
        for (int i = system._rank; i < rows; i++) system.ResidualSquares = Math.FusedMultiplyAdd(right[i], right[i], system.ResidualSquares);
        return system;
    }

    /// <summary>The coefficients, [columns].</summary>
    public double[] Solve()
    {
        var solution = new double[_columns];
        for (int j = _columns - 1; j >= 0; j--)
        {
            int row = _pivotRow[j];
            if (row < 0) continue;
            double value = _right[row];
            for (int c = j + 1; c < _columns; c++) value = Math.FusedMultiplyAdd(-Column(c)[row], solution[c], value);
            solution[j] = value / Column(j)[row];
        }
        return solution;
    }

    /// <summary>The diagonal of (AᵀA)⁻¹, [columns]; 0 for a column left out.</summary>
    public double[] InverseDiagonal()
    {
        var diagonal = new double[_columns];
        var unit = new double[_columns];            // solves R x = e for each row of R in turn
        for (int pivot = 0; pivot < _columns; pivot++)
        {
            if (_pivotRow[pivot] < 0) continue;
            for (int j = _columns - 1; j >= 0; j--)
            {
                int row = _pivotRow[j];
                unit[j] = 0;
                if (row < 0 || j > pivot) continue;
                double value = j == pivot ? 1 : 0;
                for (int c = j + 1; c <= pivot; c++) value = Math.FusedMultiplyAdd(-Column(c)[row], unit[c], value);
                unit[j] = value / Column(j)[row];
                diagonal[j] = Math.FusedMultiplyAdd(unit[j], unit[j], diagonal[j]);
            }
        }
        return diagonal;
    }

    private Span<double> Column(int j) => _matrix.AsSpan(j * _rows, _rows);

    private void Eliminate(int j)
    {
        Span<double> column = Column(j);
        Span<double> below = column[Math.Min(_rank, _rows)..];
        double all = DoubleVectors.Dot(column, column), rest = DoubleVectors.Dot(below, below);
        if (rest <= _tolerance * _tolerance * all)
        {
            _pivotRow[j] = -1;
            return;
        }
        double alpha = below[0] >= 0 ? -Math.Sqrt(rest) : Math.Sqrt(rest);
        double[] reflector = below.ToArray();
        reflector[0] -= alpha;
        double beta = 2 / DoubleVectors.Dot(reflector, reflector);
        for (int c = j + 1; c < _columns; c++) Apply(reflector, beta, Column(c)[_rank..]);
        Apply(reflector, beta, _right.AsSpan(_rank));
        below.Clear();
        below[0] = alpha;
        _pivotRow[j] = _rank++;
    }

    private static void Apply(double[] reflector, double beta, Span<double> column) =>
        DoubleVectors.AddScaled(-beta * DoubleVectors.Dot(reflector, column), reflector, column);
}
