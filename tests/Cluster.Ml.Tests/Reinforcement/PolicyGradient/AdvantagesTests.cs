using Cluster.Ml.Reinforcement.PolicyGradient;

namespace Cluster.Ml.Tests.Reinforcement.PolicyGradient;

public sealed class AdvantagesTests
{
    private static readonly double[] s_rewards = [1, -2, 3], s_values = [0.5, 1.5, -1, 4];

    [Fact]
    public void With_lambda_one_they_are_the_discounted_return_less_the_baseline()
    {
        double[] got = Of(0.5, 1);

        got[2].ShouldBe(3 + (0.5 * 4) - -1, 1e-15);
        got[1].ShouldBe(-2 + (0.5 * (3 + (0.5 * 4))) - 1.5, 1e-15);
        got[0].ShouldBe(1 + (0.5 * (-2 + (0.5 * (3 + (0.5 * 4))))) - 0.5, 1e-15);
    }

    [Fact]
    public void With_lambda_zero_they_are_the_errors_of_single_actions() =>
        Of(0.5, 0).ShouldBe([1 + (0.5 * 1.5) - 0.5, -2 + (0.5 * -1) - 1.5, 3 + (0.5 * 4) - -1]);

    // The paper's equation 16: a sum of all later errors, each weighted by (γλ)ˡ.
    [Fact]
    public void Between_they_are_the_weighted_sum_of_later_errors()
    {
        const double discount = 0.9, lambda = 0.8;
        double[] errors = Of(discount, 0), got = Of(discount, lambda);

        for (int t = 0; t < 3; t++)
            got[t].ShouldBe(Enumerable.Range(0, 3 - t).Sum(l => Math.Pow(discount * lambda, l) * errors[t + l]), 1e-14);
    }

    [Fact]
    public void Normalized_they_have_mean_zero_and_deviation_one_and_equal_ones_become_zero()
    {
        double[] some = [1, 2, 6, -3], equal = [5, 5, 5];

        Advantages.Normalize(some);
        Advantages.Normalize(equal);

        some.Sum().ShouldBe(0, 1e-14);
        some.Sum(advantage => advantage * advantage).ShouldBe(4, 1e-13);
        equal.ShouldBe([0, 0, 0]);
    }

    private static double[] Of(double discount, double lambda)
    {
        double[] advantages = new double[3];
        Advantages.Of(s_rewards, s_values, discount, lambda, advantages);
        return advantages;
    }
}
