using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.IntegralTransforms;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Cluster.Ml.Numerics;

/// <summary>What Math.NET Numerics computes for this project; no other file names that library.</summary>
/// <remarks>
/// Range     the factorizations run on one thread, without native code and without vectors, by +, −, ·, ÷ and √ alone, so that their bits are the
///           same on every processor (…Tests.Its_bits_do_not_depend_on_the_processor). The special functions use the platform's exp and log,
///           whose last bits may differ: no model may depend on them
/// Source    Math.NET Numerics 5.0.0: EISPACK's tred2 and tql2, LINPACK's dsvdc; Boost's rational approximations of erfc
/// Differs   from <see cref="MatrixProduct"/> and Cluster.Ml.Linear, whose order of summation defines the bits of models that were trained before
/// </remarks>
internal static class MathLibrary
{
    static MathLibrary()
    {
        Control.UseManaged();           // a native provider that happens to be installed would change bits
        Control.UseSingleThread();      // and so would sums that are cut by the number of cores
    }

    /// <summary>Eigenvalues, largest first, and eigenvectors of a symmetric matrix.</summary>
    /// <remarks>
    /// Equation  A = Σⱼ λⱼ·vⱼ·vⱼᵀ, vⱼᵀvⱼ = 1; in each vⱼ the element of largest magnitude, of equal ones the first, is positive
    /// Shapes    A [n, n] → λ [n], V [n, n], whose row j is vⱼ
    /// Cost      O(n³)
    /// </remarks>
    /// <param name="matrix">By rows; only finite numbers.</param>
    /// <param name="order">n.</param>
    /// <exception cref="ArgumentException">A number is not finite, or there are not n·n.</exception>
    public static (double[] Values, double[] Vectors) SymmetricEigen(ReadOnlySpan<double> matrix, int order)
    {
        Evd<double> factors = MatrixOf(matrix, order, order).Evd(Symmetricity.Symmetric);
        double[] columns = factors.EigenVectors.AsColumnMajorArray() ?? factors.EigenVectors.ToColumnMajorArray();
        (double[] values, double[] vectors) = (new double[order], new double[order * order]);
        for (int j = 0; j < order; j++)
        {
            int ascending = order - 1 - j;
            values[j] = factors.EigenValues[ascending].Real;
            Span<double> vector = vectors.AsSpan(j * order, order);
            columns.AsSpan(ascending * order, order).CopyTo(vector);
            PointLargestUp(vector);
        }
        return (values, vectors);
    }

    /// <summary>Singular values, largest first, and singular vectors.</summary>
    /// <remarks>
    /// Equation  A = Σⱼ sⱼ·uⱼ·vⱼᵀ;  uⱼᵀuⱼ = vⱼᵀvⱼ = 1
    /// Shapes    A [m, n] → U [r, m], S [r], V [r, n], r = min(m, n); row j of U is uⱼ, of V vⱼ
    /// Cost      O(m·n·r), and m² + n² numbers in memory
    /// </remarks>
    /// <param name="matrix">By rows; only finite numbers.</param>
    /// <param name="rows">m.</param>
    /// <param name="columns">n.</param>
    /// <exception cref="ArgumentException">A number is not finite, or there are not m·n.</exception>
    public static (double[] Left, double[] Values, double[] Right) SingularValues(ReadOnlySpan<double> matrix, int rows, int columns)
    {
        Svd<double> factors = MatrixOf(matrix, rows, columns).Svd(computeVectors: true);
        int rank = Math.Min(rows, columns);
        (double[] left, double[] right) = (new double[rank * rows], new double[rank * columns]);
        for (int j = 0; j < rank; j++)
        {
            for (int i = 0; i < rows; i++) left[(j * rows) + i] = factors.U[i, j];
            for (int i = 0; i < columns; i++) right[(j * columns) + i] = factors.VT[j, i];
        }
        return (left, factors.S.ToArray(), right);
    }

    /// <summary>erfc(x) = 1 − erf(x), with its full relative precision.</summary>
    public static double Erfc(double x) => SpecialFunctions.Erfc(x);

    /// <summary>log(1 + x), exact for small x too; x &gt; −1.</summary>
    public static double LogOnePlus(double x) => SpecialFunctions.Log1p(x);

    /// <summary>log Γ(x), x &gt; 0.</summary>
    public static double LogGamma(double x) => SpecialFunctions.GammaLn(x);

    /// <summary>The x below which a standard normal number lies with a probability in (0, 1).</summary>
    public static double NormalQuantile(double probability) => Normal.InvCDF(0, 1, probability);

    /// <summary>The probability that Student's t of so many degrees of freedom is at least as far from 0.</summary>
    /// <remarks>Range  relative error up to about 1e-10, that of the library's continued fraction</remarks>
    public static double StudentTail(double t, double freedom) => 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(t));

    /// <summary>The probability that χ² of so many degrees of freedom is larger; x ≥ 0.</summary>
    public static double ChiSquareTail(double x, double freedom) => SpecialFunctions.GammaUpperRegularized(freedom / 2, x / 2);

    private static Matrix<double> MatrixOf(ReadOnlySpan<double> numbers, int rows, int columns)
    {
        if (numbers.Length != (long)rows * columns)
            throw new ArgumentException($"MathLibrary: wanted {rows} × {columns} = {(long)rows * columns} numbers, got {numbers.Length}.", nameof(numbers));
        foreach (double number in numbers)
            if (!double.IsFinite(number)) throw new ArgumentException($"MathLibrary: wanted finite numbers, got {number}.", nameof(numbers));
        return Matrix<double>.Build.DenseOfRowMajor(rows, columns, numbers.ToArray());
    }

    private static void PointLargestUp(Span<double> vector)
    {
        int largest = 0;
        for (int i = 1; i < vector.Length; i++)
            if (Math.Abs(vector[i]) > Math.Abs(vector[largest])) largest = i;
        bool isUp = vector.IsEmpty || vector[largest] > 0;
        foreach (ref double element in vector) element = isUp ? element + 0.0 : 0.0 - element;      // either way −0 becomes 0
    }

    /// <summary>The regularized incomplete beta function: P(B ≥ a) for B binomial of a + b − 1 tries with probability x.</summary>
    public static double BetaRegularized(double a, double b, double x) => SpecialFunctions.BetaRegularized(a, b, x);

    /// <summary>The discrete Fourier transform, in place; the length is a power of two.</summary>
    public static void Transform(System.Numerics.Complex[] values) => Fourier.Forward(values, FourierOptions.AsymmetricScaling);

    /// <summary>Its inverse.</summary>
    public static void TransformBack(System.Numerics.Complex[] values) => Fourier.Inverse(values, FourierOptions.AsymmetricScaling);
}
