using Cluster.Ml.Privacy;

namespace Cluster.Ml.Tests.Privacy;

/// <summary>Privacy loss by Fourier transform against published figures.</summary>
public sealed class PrivacyLossTests
{
    // Opacus' table of microsoft/prv_accountant, delta 1e-6: upper bounds, as here.
    [Theory]
    [InlineData(0.001, 0.8, 100, 0.2704034)]
    [InlineData(0.001, 0.8, 1000, 0.4777713)]
    [InlineData(0.05, 0.8, 100, 6.7410519)]
    [InlineData(0.05, 0.8, 1000, 19.5258428)]
    [InlineData(0.2, 0.8, 100, 24.3336642)]
    [InlineData(0.05, 1.5, 1000, 6.2099692)]
    [InlineData(0.001, 2.0, 1000, 0.0712188)]
    [InlineData(0.2, 2.0, 100, 5.6720556)]
    [InlineData(0.001, 3.0, 100, 0.0215201)]
    [InlineData(0.05, 3.0, 100, 0.7679338)]
    public void The_published_table_is_met(double rate, double noise, long steps, double epsilon) =>
        PrivacyLoss.Epsilon(rate, noise, steps, 1e-6).ShouldBe(epsilon, 1e-3);

    // Opacus' own test counts 90 // 0.04 = 2249 steps.
    [Fact]
    public void The_test_of_opacus_is_met() => PrivacyLoss.Epsilon(0.04, 1.5, 2249, 1e-5).ShouldBe(6.777395712150674, 1e-3);

    [Theory]
    [InlineData(0.01, 1.1, 2000)]
    [InlineData(0.1, 2.0, 300)]
    [InlineData(1.0, 6.0, 10)]
    public void It_lies_between_the_truth_of_one_gaussian_and_renyis_bound(double rate, double noise, long steps)
    {
        double found = PrivacyLoss.Epsilon(rate, noise, steps, 1e-5);

        found.ShouldBeLessThan(Accountant.Epsilon(rate, noise, steps, 1e-5).Epsilon);
        if (rate == 1) (found - GaussianDp.Epsilon(GaussianDp.Mu(1, noise, steps), 1e-5)).ShouldBeInRange(0, PrivacyLoss.ErrorOfEpsilon + 1e-3);
    }

    [Fact]
    public void Nothing_done_spends_nothing_and_no_noise_spends_all()
    {
        (PrivacyLoss.Epsilon(0, 1, 100, 1e-5), PrivacyLoss.Epsilon(0.1, 1, 0, 1e-5)).ShouldBe((0, 0));
        PrivacyLoss.Epsilon(0.1, 0, 1, 1e-5).ShouldBe(double.PositiveInfinity);
    }
}
