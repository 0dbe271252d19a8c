namespace Cluster.Ml.SupportVectors;

/// <summary>The dual problem of one pair of classes, or of a regression, at some point.</summary>
/// <remarks>
/// Objective  min ½αᵀQα + pᵀα, yᵀα = 0, 0 ≤ αᵥ ≤ C;  Q_uv = y_u·y_v·K(u, v), and with squared hinge loss 1/(2C) more on its diagonal and no C
/// Equation   gradient Gᵥ = yᵥ·f(xᵥ) + pᵥ + αᵥ·diagonal, f(x) = Σ yᵥ·αᵥ·K(xᵥ, x);
///            optimal within t where max −yG over those that may rise along y less min −yG over those that may fall is at most t
/// Shapes     n rows; of classes one variable a row, p = −1; of a regression two, y = 1, p = ε − target and y = −1, p = ε + target
/// Source     Chang and Lin, "LIBSVM", ACM TIST 2 (2011), §§ 2, 4; squared: Chang, Hsieh, Lin, JMLR 9 (2008), eq. 2
/// </remarks>
internal sealed class DualProblem
{
    private readonly double _diagonal;

    private DualProblem(int rows, int variables, double upper, double diagonal)
    {
        (Rows, Variables, Upper, _diagonal) = (rows, variables, upper, diagonal);
        (Places, F) = (new int[rows], new double[rows]);
        (Signs, Linear, Alphas) = (new double[variables], new double[variables], new double[variables]);
    }

    public int Rows { get; }

    public int Variables { get; }

    public double Upper { get; }

    /// <summary>Where each row is, [rows].</summary>
    public int[] Places { get; }

    /// <summary>f of each row, [rows].</summary>
    public double[] F { get; }

    /// <summary>y, p and α, [variables].</summary>
    public double[] Signs { get; }

    public double[] Linear { get; }

    public double[] Alphas { get; }

    /// <summary>Two classes: first those rows whose y is 1.</summary>
    /// <param name="positives">How many.</param>
    /// <param name="rows">Of both.</param>
    /// <param name="options">C and loss.</param>
    public static DualProblem OfClasses(int positives, int rows, SupportVectorOptions options)
    {
        DualProblem problem = new(rows, rows, options.Upper, options.Diagonal);
        problem.Signs.AsSpan().Fill(-1);
        problem.Signs.AsSpan(0, positives).Fill(1);
        problem.Linear.AsSpan().Fill(-1);
        return problem;
    }

    /// <summary>A regression.</summary>
    /// <param name="targets">One a row.</param>
    /// <param name="options">C and ε.</param>
    public static DualProblem OfNumbers(ReadOnlySpan<double> targets, SupportVectorOptions options)
    {
        int rows = targets.Length;
        DualProblem problem = new(rows, 2 * rows, options.Upper, options.Diagonal);
        for (int row = 0; row < rows; row++)
        {
            (problem.Signs[row], problem.Linear[row]) = (1, options.Epsilon - targets[row]);
            (problem.Signs[rows + row], problem.Linear[rows + row]) = (-1, options.Epsilon + targets[row]);
        }
        return problem;
    }

    /// <summary>The same of some rows only; the others stay as they are.</summary>
    /// <param name="rows">Ascending.</param>
    public DualProblem Of(ReadOnlySpan<int> rows)
    {
        int groups = Variables / Rows;
        DualProblem part = new(rows.Length, rows.Length * groups, Upper, _diagonal);
        for (int i = 0; i < rows.Length; i++)
        {
            (part.Places[i], part.F[i]) = (Places[rows[i]], F[rows[i]]);
            for (int group = 0; group < groups; group++)
            {
                (int to, int from) = ((group * rows.Length) + i, (group * Rows) + rows[i]);
                (part.Signs[to], part.Linear[to], part.Alphas[to]) = (Signs[from], Linear[from], Alphas[from]);
            }
        }
        return part;
    }

    public int RowOf(int variable) => variable < Rows ? variable : variable - Rows;

    /// <summary>−yG.</summary>
    public double Pull(int variable) => -F[RowOf(variable)] - (Signs[variable] * (Linear[variable] + (Alphas[variable] * _diagonal)));

    /// <summary>Whether yα may grow.</summary>
    public bool MayRise(int variable) => Signs[variable] > 0 ? Alphas[variable] < Upper : Alphas[variable] > 0;

    /// <summary>Whether yα may fall.</summary>
    public bool MayFall(int variable) => Signs[variable] > 0 ? Alphas[variable] > 0 : Alphas[variable] < Upper;

    /// <summary>K(u, u) + K(v, v) − 2·K(u, v) of two variables, the diagonal among it; small and positive at the least.</summary>
    /// <remarks>Source  Chang and Lin, 2011, § 4.1.4: τ, for kernels that are not positive definite</remarks>
    public double Curvature(int first, int second, ReadOnlySpan<double> kernel)
    {
        const double tau = 1e-12;
        (int i, int j) = (RowOf(first), RowOf(second));
        double curvature = kernel[(i * Rows) + i] + kernel[(j * Rows) + j] - (2 * kernel[(i * Rows) + j]) + (2 * _diagonal);
        return curvature > 0 ? curvature : tau;
    }

    /// <summary>The coefficient of a row, Σ yα of its variables.</summary>
    public double CoefficientOf(int row) => (Signs[row] * Alphas[row]) + (Variables > Rows ? Signs[Rows + row] * Alphas[Rows + row] : 0);

    /// <summary>Sets the variables of a row to the smallest that give a coefficient.</summary>
    public void Set(int row, double coefficient)
    {
        Alphas[row] = Math.Max(0, Signs[row] * coefficient);
        if (Variables > Rows) Alphas[Rows + row] = Math.Max(0, Signs[Rows + row] * coefficient);
    }

    /// <summary>Looks at all variables: how far from optimal, the objective, and ρ.</summary>
    /// <remarks>Equation  ρ = mean of yG over 0 &lt; α &lt; C; if there are none, the middle of what the others allow (Chang and Lin, 2011, § 4.1.5)</remarks>
    public DualMeasure Measure()
    {
        (double up, double down) = (double.NegativeInfinity, double.PositiveInfinity);
        double objective = 0, free = 0;
        int count = 0;
        for (int v = 0; v < Variables; v++)
        {
            double pull = Pull(v);
            objective += Alphas[v] * ((Linear[v] - (Signs[v] * pull)) / 2);
            (bool rises, bool falls) = (MayRise(v), MayFall(v));
            if (rises) up = Math.Max(up, pull);
            if (falls) down = Math.Min(down, pull);
            if (!rises || !falls) continue;
            free += pull;
            count++;
        }
        return new DualMeasure(Math.Max(0, up - down), objective, -(count > 0 ? free / count : (up + down) / 2));
    }
}

/// <summary>What a point of a dual problem is like.</summary>
/// <param name="Violation">How far the optimality conditions are violated.</param>
/// <param name="Objective">½αᵀQα + pᵀα.</param>
/// <param name="Rho">ρ.</param>
internal readonly record struct DualMeasure(double Violation, double Objective, double Rho);
