namespace Cluster.Ml.Privacy;

/// <summary>A way to count privacy.</summary>
/// <param name="Name">As flags name it.</param>
/// <param name="Meaning">One line.</param>
/// <param name="Epsilon">ε and, of Rényi's, the order, of (q, σ, steps, δ).</param>
public sealed record AccountantKind(string Name, string Meaning, Func<double, double, long, double, PrivacySpent> Epsilon);

/// <summary>The accountants that there are, one a line; ledgers count by the first.</summary>
public static class Accountants
{
    /// <summary>The grid of <see cref="Noise"/>, 2⁻¹².</summary>
    public const double NoiseGrid = 1.0 / (1 << 12);

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<AccountantKind> All =
    [
        new("rdp", "Rényi: an upper bound, by which ledgers count", (rate, noise, steps, delta) => Accountant.Epsilon(rate, noise, steps, delta)),
        new("prv", "privacy loss by Fourier transform: nearly exact, an upper bound", (rate, noise, steps, delta) => new(PrivacyLoss.Epsilon(rate, noise, steps, delta), double.NaN)),
        new("gdp", "Gaussian differential privacy: an estimate for many steps, no bound", (rate, noise, steps, delta) =>
            new(noise == 0 && rate > 0 && steps > 0 ? double.PositiveInfinity : rate == 0 || steps == 0 ? 0 : GaussianDp.Epsilon(GaussianDp.Mu(rate, noise, steps), delta), double.NaN)),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(kind => kind.Name)];

    /// <summary>The accountant of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static AccountantKind Named(string name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new ArgumentException($"Accountants: wanted {string.Join(" or ", Names)}, got {name}.", nameof(name));

    /// <summary>The least noise σ with which so many steps cost no more than ε: of the first to 2⁻²⁰, of others to <see cref="NoiseGrid"/>.</summary>
    /// <param name="name">Of the accountant.</param>
    /// <param name="epsilon">ε above 0.</param>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="rate">q in [0, 1].</param>
    /// <param name="steps">How many, from 0.</param>
    /// <exception cref="InvalidOperationException">No noise up to <see cref="Accountant.NoiseMax"/> suffices.</exception>
    public static double Noise(string name, double epsilon, double delta, double rate, long steps)
    {
        AccountantKind kind = Named(name);
        double first = Accountant.Noise(epsilon, delta, rate, steps);
        if (kind == All[0] || first == 0) return first;
        long low = (long)(first / 3 / NoiseGrid), high = (long)Math.Ceiling(first * 1.5 / NoiseGrid);     // the accountants lie near each other
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (kind.Epsilon(rate, middle * NoiseGrid, steps, delta).Epsilon <= epsilon) high = middle;
            else low = middle;
        }
        return high * NoiseGrid;
    }
}
