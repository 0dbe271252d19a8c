using Cluster.Ml.Numerics;

namespace Cluster.Ml.Privacy;

/// <summary>A lower bound on ε from one training run: an attacker guesses which of many canaries took part.</summary>
/// <remarks>
/// Guarantee     if training is (ε, δ)-private, so many right guesses have a probability of at most 1 − confidence for every ε below the bound
/// Equation      p(ε) = P(B ≥ v) + 2·m·δ·α, B binomial of r guesses that are right with e^ε/(1 + e^ε), α = max over i = 1 … v of P(v > B ≥ v − i)/i;
///               the bound is the largest ε with p(ε) ≤ 1 − confidence
/// What voids it canaries that are not in or out by a fair coin each; a number of guesses that was chosen by what they came to
/// Source        Steinke, Nasr, Jagielski, "Privacy Auditing with One (1) Training Run", NeurIPS 2023, theorem 5.2 and appendix D
/// </remarks>
public static class OneRunAudit
{
    /// <summary>The largest ε that so many right guesses refute.</summary>
    /// <param name="canaries">m: rows that were in or out by a coin.</param>
    /// <param name="guesses">r: guesses that were made, at most m.</param>
    /// <param name="correct">v: guesses that were right.</param>
    /// <param name="delta">δ of the claim, from 0.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public static double EpsilonLower(int canaries, int guesses, int correct, double delta, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, guesses);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(guesses, canaries);
        if (!(delta is >= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(delta), delta, "OneRunAudit: wanted δ from 0, below 1.");
        if (!(confidence is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "OneRunAudit: wanted a confidence between 0 and 1.");
        double most = 1 - confidence, low = 0, high = 1;
        if (Probability(canaries, guesses, correct, 0, delta) > most) return 0;
        while (Probability(canaries, guesses, correct, high, delta) <= most && high < 64) (low, high) = (high, high * 2);
        for (int halving = 0; halving < 60; halving++)
        {
            double middle = (low + high) / 2;
            if (Probability(canaries, guesses, correct, middle, delta) <= most) low = middle;
            else high = middle;
        }
        return low;
    }

    /// <summary>p(ε): how probable so many right guesses are at the most.</summary>
    internal static double Probability(int canaries, int guesses, int correct, double epsilon, double delta)
    {
        double right = 1 / (1 + Math.Exp(-epsilon)), tail = 0;
        for (int k = correct; k <= guesses; k++) tail += Mass(guesses, k, right, epsilon);
        double alpha = 0, sum = 0;
        for (int i = 1; i <= correct && delta > 0; i++)
        {
            sum += Mass(guesses, correct - i, right, epsilon);
            alpha = Math.Max(alpha, sum / i);
        }
        return Math.Min(1, tail + (2 * alpha * delta * canaries));
    }

    private static double Mass(int count, int right, double probability, double epsilon)
    {
        double wrong = count - right;
        double logRight = Math.Log(probability), logWrong = logRight - epsilon;
        return Math.Exp(
            MathLibrary.LogGamma(count + 1) - MathLibrary.LogGamma(right + 1) - MathLibrary.LogGamma(wrong + 1) + (right * logRight) + (wrong * logWrong));
    }
}
