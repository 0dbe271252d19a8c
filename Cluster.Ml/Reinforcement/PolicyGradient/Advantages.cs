namespace Cluster.Ml.Reinforcement.PolicyGradient;

/// <summary>How much better an action was than what the baseline expected.</summary>
/// <remarks>
/// Equation  δₜ = rₜ + γ·V(sₜ₊₁) − V(sₜ), V = 0 after the end;  Aₜ = δₜ + γλ·Aₜ₊₁;  the baseline's target is Rₜ = Aₜ + V(sₜ)
/// Range     of an episode that was cut off, the last V is the baseline's: what might have come is not taken for nothing. With λ = 1,
///           Aₜ + V(sₜ) = rₜ + γ·rₜ₊₁ + …, the return itself
/// Source    Schulman et al., "High-Dimensional Continuous Control Using Generalized Advantage Estimation", ICLR 2016, equations 11 to 16
/// </remarks>
internal static class Advantages
{
    private const double LeastDeviation = 1e-8;

    /// <summary>Those of one episode.</summary>
    /// <param name="rewards">[moments].</param>
    /// <param name="values">[moments + 1]; the last is 0 if the episode ended by itself.</param>
    /// <param name="discount">γ.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="advantages">[moments], overwritten.</param>
    public static void Of(ReadOnlySpan<double> rewards, ReadOnlySpan<double> values, double discount, double lambda, Span<double> advantages)
    {
        double next = 0;
        for (int t = rewards.Length - 1; t >= 0; t--)
            advantages[t] = next = rewards[t] + (discount * values[t + 1]) - values[t] + (discount * lambda * next);
    }

    /// <summary>Shifts them to mean 0 and scales them to deviation 1; only shifts them if they hardly differ.</summary>
    public static void Normalize(Span<double> advantages)
    {
        double sum = 0, squares = 0;
        foreach (double advantage in advantages) sum += advantage;
        double mean = sum / advantages.Length;
        foreach (double advantage in advantages) squares += (advantage - mean) * (advantage - mean);
        double deviation = Math.Sqrt(squares / advantages.Length), divisor = deviation > LeastDeviation ? deviation : 1;
        foreach (ref double advantage in advantages) advantage = (advantage - mean) / divisor;
    }
}
