using Cluster.Ml.Numerics;

namespace Cluster.Ml.Privacy;

/// <summary>What has been spent, at every order at once. An immutable value: mechanisms compose by adding their curves.</summary>
/// <remarks>
/// Equation  ε_total(α) = Σᵢ nᵢ·εᵢ(α)
/// Source    Mironov, "Rényi Differential Privacy", CSF 2017, Proposition 1
/// </remarks>
public sealed class RdpCurve
{
    private readonly double[] _values;

    /// <summary>A curve from its values.</summary>
    /// <param name="orders">α of each value, all above 1.</param>
    /// <param name="values">ε(α), none negative.</param>
    /// <exception cref="ArgumentException">The lengths differ or a number is out of range.</exception>
    public RdpCurve(IReadOnlyList<double> orders, IEnumerable<double> values)
    {
        _values = [.. values];
        if (orders.Count == 0 || _values.Length != orders.Count || orders.Any(order => !(order > 1)) || _values.Any(value => !(value >= 0)))
            throw new ArgumentException($"RdpCurve: wanted {orders.Count} values of at least 0 at orders above 1, got {_values.Length}.", nameof(values));
        Orders = orders;
    }

    /// <summary>The orders α.</summary>
    public IReadOnlyList<double> Orders { get; }

    /// <summary>ε(α) at each order.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>One step of the Poisson-subsampled Gaussian mechanism.</summary>
    /// <param name="rate">q: probability that a row is drawn, in [0, 1].</param>
    /// <param name="noise">σ: noise multiplier.</param>
    /// <param name="orders">The orders; <see cref="RenyiOrders.Opacus"/> if null.</param>
    public static RdpCurve Of(double rate, double noise, IReadOnlyList<double>? orders = null)
    {
        orders ??= RenyiOrders.Opacus;
        return new RdpCurve(orders, orders.Select(order => SubsampledGaussian.Rdp(rate, noise, order)));
    }

    /// <summary>The same mechanism so many times. A fraction of a step is a mere multiplication.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Steps is negative or not finite.</exception>
    public RdpCurve Times(double steps)
    {
        if (!(steps >= 0 && double.IsFinite(steps)))
            throw new ArgumentOutOfRangeException(nameof(steps), steps, "RdpCurve: wanted a finite number of steps from 0.");
        return new RdpCurve(Orders, _values.Select(value => steps == 0 ? 0 : value * steps));
    }

    /// <summary>This, and then the other.</summary>
    /// <exception cref="ArgumentException">The orders differ.</exception>
    public RdpCurve Plus(RdpCurve other)
    {
        if (!Orders.SequenceEqual(other.Orders))
            throw new ArgumentException("RdpCurve: wanted curves over the same orders; give both the same set.", nameof(other));
        return new RdpCurve(Orders, _values.Zip(other._values, (left, right) => left + right));
    }

    /// <summary>The least ε over all orders at which the curve guarantees (ε, δ).</summary>
    /// <param name="delta">δ in (0, 1).</param>
    /// <param name="conversion">From Rényi to (ε, δ).</param>
    /// <exception cref="ArgumentOutOfRangeException">δ lies outside (0, 1).</exception>
    public PrivacySpent Epsilon(double delta, EpsilonConversion conversion = EpsilonConversion.Improved)
    {
        if (!(delta is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(delta), delta, "RdpCurve: wanted δ between 0 and 1, both excluded.");
        if (_values.All(value => value == 0)) return new PrivacySpent(0, Orders[0]);   // nothing was ever released
        PrivacySpent best = new(double.PositiveInfinity, Orders[0]);
        for (int i = 0; i < _values.Length; i++)
        {
            double order = Orders[i];
            double epsilon = conversion == EpsilonConversion.Improved
                ? _values[i] + MathLibrary.LogOnePlus(-1 / order) - ((Math.Log(delta) + Math.Log(order)) / (order - 1))
                : _values[i] - (Math.Log(delta) / (order - 1));
            if (epsilon < best.Epsilon) best = new PrivacySpent(epsilon, order);
        }
        return best with { Epsilon = Math.Max(0, best.Epsilon) };
    }
}
