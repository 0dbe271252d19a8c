using Cluster.Ml.Numerics;

namespace Cluster.Ml.Privacy;

/// <summary>Gaussian differential privacy: many noisy steps together are nearly one Gaussian mechanism.</summary>
/// <remarks>
/// Guarantee             μ-GDP in the limit of many steps with a small rate; of few steps it may say less than is spent, so that no ledger uses it
/// Neighbouring relation data sets that differ by adding or removing one training row
/// Theorem used          μ = q·√(T·(e^(1/σ²) − 1)), exact √T/σ for q = 1;  δ(ε) = Φ(−ε/μ + μ/2) − e^ε·Φ(−ε/μ − μ/2)
/// Source                Dong, Roth, Su, "Gaussian Differential Privacy", 2019, corollary 2.13; Bu, Dong, Long, Su, "Deep Learning with Gaussian
///                       Differential Privacy", 2020, § 3
/// </remarks>
public static class GaussianDp
{
    /// <summary>μ of so many steps.</summary>
    /// <param name="rate">q in [0, 1].</param>
    /// <param name="noise">σ above 0.</param>
    /// <param name="steps">T, from 0.</param>
    public static double Mu(double rate, double noise, double steps) =>
        rate == 1 ? Math.Sqrt(steps) / noise : rate * Math.Sqrt(steps * (Math.Exp(1 / (noise * noise)) - 1));

    /// <summary>δ at an ε.</summary>
    public static double Delta(double mu, double epsilon) => mu == 0 ? 0
        : NormalTail((epsilon / mu) - (mu / 2)) - (Math.Exp(epsilon) * NormalTail((epsilon / mu) + (mu / 2)));

    /// <summary>The least ε of a δ, by bisection.</summary>
    public static double Epsilon(double mu, double delta)
    {
        if (double.IsInfinity(mu)) return mu;
        if (Delta(mu, 0) <= delta) return 0;
        double low = 0, high = 1;
        while (Delta(mu, high) > delta) (low, high) = (high, high * 2);
        for (int halving = 0; halving < 80; halving++)
        {
            double middle = (low + high) / 2;
            if (Delta(mu, middle) > delta) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>1 − Φ(x).</summary>
    internal static double NormalTail(double x) => MathLibrary.Erfc(x / Math.Sqrt(2)) / 2;
}
