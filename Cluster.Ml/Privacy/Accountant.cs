namespace Cluster.Ml.Privacy;

/// <summary>Answers the two questions about private training: what does it cost, and how much noise does a budget ask for.</summary>
/// <remarks>Every method is a pure function; nothing is remembered between two questions.</remarks>
public static class Accountant
{
    /// <summary>Calibrated noise is a multiple of this, 2⁻²⁰, so that the last bits of a logarithm cannot change it.</summary>
    public const double NoiseGrid = 1.0 / (1 << 20);

    /// <summary>The most noise that calibration tries.</summary>
    public const double NoiseMax = 1 << 20;

    /// <summary>ε of so many steps at sampling rate q with noise σ.</summary>
    /// <param name="rate">q in [0, 1].</param>
    /// <param name="noise">σ ≥ 0.</param>
    /// <param name="steps">How many, from 0.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="orders">The orders; <see cref="RenyiOrders.Opacus"/> if null.</param>
    /// <param name="conversion">From Rényi to (ε, δ).</param>
    public static PrivacySpent Epsilon(
        double rate, double noise, double steps, double delta, IReadOnlyList<double>? orders = null,
        EpsilonConversion conversion = EpsilonConversion.Improved) =>
        RdpCurve.Of(rate, noise, orders).Times(steps).Epsilon(delta, conversion);

    /// <summary>The least noise σ, to 2⁻²⁰, with which so many steps cost no more than ε.</summary>
    /// <remarks>Equation  bisection: ε falls as σ grows; the returned σ itself is within the budget</remarks>
    /// <param name="epsilon">ε &gt; 0.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="rate">q in [0, 1].</param>
    /// <param name="steps">How many, from 0.</param>
    /// <param name="orders">The orders; <see cref="RenyiOrders.Opacus"/> if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is not above 0.</exception>
    /// <exception cref="InvalidOperationException">No noise up to <see cref="NoiseMax"/> suffices.</exception>
    public static double Noise(double epsilon, double delta, double rate, double steps, IReadOnlyList<double>? orders = null)
    {
        if (!(epsilon > 0)) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Accountant: wanted ε above 0.");
        bool Suffices(long grid) => Epsilon(rate, grid * NoiseGrid, steps, delta, orders).Epsilon <= epsilon;
        if (Suffices(0)) return 0;
        long low = 0, high = (long)(1 / NoiseGrid);
        while (!Suffices(high))
        {
            (low, high) = (high, high * 2);
            if (high * NoiseGrid > NoiseMax)
                throw new InvalidOperationException(
                    $"Accountant: wanted noise for ε {epsilon} at δ {delta}, got none up to {NoiseMax} that suffices; raise ε or δ, or take fewer steps.");
        }
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (Suffices(middle)) high = middle;
            else low = middle;
        }
        return high * NoiseGrid;
    }
}
