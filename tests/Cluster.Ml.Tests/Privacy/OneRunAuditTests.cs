using Cluster.Ml.Privacy;

namespace Cluster.Ml.Tests.Privacy;

/// <summary>Lower bounds from guesses.</summary>
public sealed class OneRunAuditTests
{
    // All right: (e^ε/(1 + e^ε))^r = 5 % gives ε = −log(0.05^(−1/r) − 1).
    [Theory]
    [InlineData(100, 3.49297)]
    [InlineData(1000, 5.80907)]
    public void All_guesses_right_has_a_closed_form(int guesses, double epsilon)
    {
        OneRunAudit.EpsilonLower(guesses, guesses, guesses, 0, 0.95).ShouldBe(epsilon, 1e-5);
        epsilon.ShouldBe(-Math.Log(Math.Pow(0.05, -1.0 / guesses) - 1), 1e-5);
    }

    // By hand: of 2 guesses 2 right, with δ: the tail is q², α = P(B = 1) or (P(B = 1) + P(B = 0))/2, whichever is more.
    [Fact]
    public void Delta_adds_what_the_theorem_says()
    {
        double q = Math.E / (1 + Math.E), one = 2 * q * (1 - q), none = (1 - q) * (1 - q);

        OneRunAudit.Probability(50, 2, 2, 1, 1e-3).ShouldBe((q * q) + (2 * 50 * 1e-3 * Math.Max(one, (one + none) / 2)), 1e-12);
    }

    [Fact]
    public void Random_guesses_say_nothing_and_more_right_guesses_say_more()
    {
        OneRunAudit.EpsilonLower(1000, 200, 100, 1e-5, 0.95).ShouldBe(0);
        double[] bounds = [.. new[] { 130, 150, 170, 199 }.Select(correct => OneRunAudit.EpsilonLower(1000, 200, correct, 1e-5, 0.95))];
        bounds.ShouldBe(bounds.Order());
        bounds[0].ShouldBeGreaterThan(0);
        OneRunAudit.EpsilonLower(1000, 200, 170, 1e-3, 0.95).ShouldBeLessThan(bounds[2]);
        OneRunAudit.EpsilonLower(1000, 200, 170, 1e-5, 0.99).ShouldBeLessThan(bounds[2]);
    }

    // Randomized response with ε guesses right with e^ε/(1 + e^ε): the bound holds, and is near.
    [Theory]
    [InlineData(1.0)]
    [InlineData(2.0)]
    public void Of_randomized_response_the_bound_is_below_and_near_epsilon(double epsilon)
    {
        int right = (int)(10_000 * Math.Exp(epsilon) / (1 + Math.Exp(epsilon)));

        OneRunAudit.EpsilonLower(10_000, 10_000, right, 0, 0.95).ShouldBeInRange(epsilon - 0.07, epsilon);
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => OneRunAudit.EpsilonLower(10, 11, 5, 0, 0.95));
        Should.Throw<ArgumentOutOfRangeException>(() => OneRunAudit.EpsilonLower(10, 10, 11, 0, 0.95));
        Should.Throw<ArgumentOutOfRangeException>(() => OneRunAudit.EpsilonLower(10, 10, 5, 1, 0.95));
    }
}
