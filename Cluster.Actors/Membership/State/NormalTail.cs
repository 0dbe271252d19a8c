namespace Cluster.Actors.Membership.State;

/// <summary>How far from the mean a normal variable must be to be improbable.</summary>
internal static class NormalTail
{
    private const int Terms = 200;

    /// <summary>The k with Q(k) = 10^(−exponent), Q the upper tail of the standard normal distribution.</summary>
    /// <remarks>
    /// Equation  Q(x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))),  solved by bisection
    /// Range     1 ≤ exponent ≤ 100; k to six decimals, so that no platform's logarithm can make a difference
    /// Source    Abramowitz, Stegun: Handbook of Mathematical Functions, 26.2.14
    /// </remarks>
    public static double Quantile(double exponent)
    {
        (double low, double high) = (1, 25);
        for (int i = 0; i < 64; i++)
        {
            double middle = (low + high) / 2;
            if (MinusLog10(middle) < exponent) low = middle;
            else high = middle;
        }

        return Math.Round(low, 6);
    }

    private static double MinusLog10(double x)
    {
        double fraction = x;
        for (int term = Terms; term >= 1; term--) fraction = x + (term / fraction);
        return (x * x / 2 * Math.Log10(Math.E)) + Math.Log10(Math.Sqrt(2 * Math.PI)) + Math.Log10(fraction);
    }
}
