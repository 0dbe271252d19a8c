using Cluster.Ml.Numerics;

namespace Cluster.Ml.Privacy;

/// <summary>Sums and tails in log space, for numbers that no double can hold.</summary>
internal static class LogSpace
{
    /// <summary>From here on erfc is so small that its asymptotic series is exact to the last digit.</summary>
    private const double AsymptoticFrom = 12;

    /// <summary>log(exp(a) + exp(b)).</summary>
    public static double Add(double a, double b)
    {
        (double low, double high) = a < b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(low) ? high : high + MathLibrary.LogOnePlus(Math.Exp(low - high));
    }

    /// <summary>log erfc(x).</summary>
    /// <remarks>
    /// Equation  erfc(x) = e^(−x²) / (x√π) · (1 − 1/(2x²) + 3/(4x⁴) − …) for large x
    /// Range     any finite x; relative error of erfc below 1e-15
    /// Source    Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 7.1.23
    /// </remarks>
    public static double LogErfc(double x)
    {
        if (x < AsymptoticFrom) return Math.Log(MathLibrary.Erfc(x));
        double over = 1 / (2 * x * x), term = 1, sum = 1;
        for (int k = 1; k <= 20 && Math.Abs(term) > 1e-18; k++)
        {
            term *= -((2 * k) - 1) * over;
            sum += term;
        }
        return (-x * x) - Math.Log(x * Math.Sqrt(Math.PI)) + Math.Log(sum);
    }
}
