using System.Numerics;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Privacy;

/// <summary>The distribution of privacy loss after many steps, summed by Fourier transform: nearly exact, unlike Rényi bounds.</summary>
/// <remarks>
/// Guarantee             (ε, δ); ε is at most <see cref="ErrorOfEpsilon"/> above the truth, and not below it
/// Neighbouring relation data sets that differ by adding or removing one training row: the worse of the two
/// Theorem used          Y = log dP/dQ under P, P = (1 − q)·N(0, σ²) + q·N(1, σ²), Q = N(0, σ²), and the other way round; on a grid of mesh
///                       h = 2·error/√(2T·log(12/δₑ)), its mean kept; the sum of T by the T-th power of the transform;
///                       δ(ε) = E[(1 − e^(ε − Y))₊];  ε told = ε(δ − δₑ) + error, δₑ = δ/1000
/// Source                Gopi, Lee, Wutschitz, "Numerical Composition of Differential Privacy", NeurIPS 2021, algorithm 1 and theorem 5.5
/// </remarks>
public static class PrivacyLoss
{
    /// <summary>What is added to the estimate, so that it is a bound.</summary>
    public const double ErrorOfEpsilon = 0.01;

    private const int GridMost = 1 << 24, MeanPoints = 1 << 14;
    private const double DeltaShare = 1e-3;

    /// <summary>The ε of so many steps: an upper bound.</summary>
    /// <param name="rate">q in [0, 1].</param>
    /// <param name="noise">σ ≥ 0.</param>
    /// <param name="steps">T, a whole number from 0.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <exception cref="InvalidOperationException">The grid would be too large.</exception>
    public static double Epsilon(double rate, double noise, long steps, double delta)
    {
        if (rate == 0 || steps == 0) return 0;
        if (noise == 0) return double.PositiveInfinity;
        double deltaError = delta * DeltaShare;
        double mesh = 2 * ErrorOfEpsilon / Math.Sqrt(2 * steps * Math.Log(12 / deltaError));
        double reach = 1 + (1.1 * Math.Max(
            Accountant.Epsilon(rate, noise, steps, deltaError / 4).Epsilon, Accountant.Epsilon(rate, noise, 1, deltaError / (8 * steps)).Epsilon));
        double cells = 2 * reach / mesh;
        if (cells > GridMost)
            throw new InvalidOperationException($"PrivacyLoss: wanted at most {GridMost} cells, got {cells:F0}; use the accountant rdp for so many steps with so little noise.");
        int grid = (int)BitOperations.RoundUpToPowerOf2((uint)cells);
        double worst = 0;
        foreach (bool adds in new[] { false, true })
            worst = Math.Max(worst, EpsilonOf(Composed(rate, noise, steps, mesh, grid, adds, out double shift), mesh, grid, shift, delta - deltaError));
        return worst + ErrorOfEpsilon;
    }

    /// <summary>The distribution of the sum: cell i is a loss of (i − grid/2)·mesh + shift.</summary>
    private static double[] Composed(double rate, double noise, long steps, double mesh, int grid, bool adds, out double shift)
    {
        Complex[] cells = new Complex[grid];
        double before = Below(rate, noise, (-(grid / 2) - 0.5) * mesh, adds), mean = 0, total = 0;
        for (int i = 0; i < grid; i++)
        {
            double loss = (i - (grid / 2)) * mesh, below = Below(rate, noise, loss + (mesh / 2), adds), mass = Math.Max(0, below - before);
            cells[(i + (grid / 2)) % grid] = mass;                     // the loss 0 is cell 0, so that powers stay in place
            (mean, total, before) = (mean + (mass * loss), total + mass, below);
        }
        double step = MeanOf(rate, noise, adds) - (mean / total);
        shift = step * steps;
        MathLibrary.Transform(cells);
        for (int i = 0; i < grid; i++) cells[i] = Power(cells[i], steps);
        MathLibrary.TransformBack(cells);
        double[] masses = new double[grid];
        for (int i = 0; i < grid; i++) masses[(i + (grid / 2)) % grid] = Math.Max(0, cells[i].Real);
        return masses;
    }

    private static double EpsilonOf(double[] masses, double mesh, int grid, double shift, double delta)
    {
        double Delta(double epsilon)
        {
            double sum = 0;
            int first = Math.Max(0, (int)Math.Floor((epsilon - shift) / mesh) + (grid / 2));
            for (int i = masses.Length - 1; i >= first; i--)
            {
                double loss = ((i - (grid / 2)) * mesh) + shift;
                if (loss > epsilon) sum += masses[i] * (1 - Math.Exp(epsilon - loss));
            }
            return sum;
        }
        if (Delta(0) <= delta) return 0;
        double low = 0, high = (grid / 2) * mesh;
        for (int halving = 0; halving < 40; halving++)
        {
            double middle = (low + high) / 2;
            if (Delta(middle) > delta) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>P(Y ≤ loss).</summary>
    private static double Below(double q, double sigma, double loss, bool adds)
    {
        if (adds) return 1 - Inner(q, sigma, -loss, mixed: false);
        return Inner(q, sigma, loss, mixed: true);
    }

    /// <summary>P(log dP/dQ ≤ loss) under the mixture P or under Q.</summary>
    private static double Inner(double q, double sigma, double loss, bool mixed)
    {
        double inside = (Math.Exp(loss) - (1 - q)) / q;
        if (!(inside > 0)) return 0;
        double z = (sigma * sigma * (double.IsInfinity(inside) ? loss - Math.Log(q) : Math.Log(inside))) + 0.5;
        double plain = GaussianDp.NormalTail(-z / sigma);
        return mixed ? ((1 - q) * plain) + (q * GaussianDp.NormalTail((1 - z) / sigma)) : plain;
    }

    /// <summary>E[Y], by the trapezoid rule, which is exact to the last digits for what falls off like a Gaussian.</summary>
    private static double MeanOf(double q, double sigma, bool adds)
    {
        double from = (-14 * sigma) - 1, to = (14 * sigma) + 2, width = (to - from) / MeanPoints, sum = 0;
        for (int i = 0; i <= MeanPoints; i++)
        {
            double z = from + (i * width), exponent = ((2 * z) - 1) / (2 * sigma * sigma);
            double loss = exponent > 500 ? exponent + Math.Log(q) : MathLibrary.LogOnePlus(q * (Math.Exp(exponent) - 1));
            double atZero = Math.Exp(-z * z / (2 * sigma * sigma)), atOne = Math.Exp(-(z - 1) * (z - 1) / (2 * sigma * sigma));
            sum += adds ? -loss * atZero : loss * (((1 - q) * atZero) + (q * atOne));
        }
        return sum * width / (sigma * Math.Sqrt(2 * Math.PI));
    }

    private static Complex Power(Complex of, long exponent)
    {
        Complex power = Complex.One;
        for (; exponent > 0; exponent >>= 1, of *= of)
            if ((exponent & 1) == 1) power *= of;
        return power;
    }
}
