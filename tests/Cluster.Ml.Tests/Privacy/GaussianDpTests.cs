using Cluster.Ml.Privacy;

namespace Cluster.Ml.Tests.Privacy;

/// <summary>Gaussian differential privacy against published figures.</summary>
public sealed class GaussianDpTests
{
    // dp_accounting: a Gaussian composed three times with sigma = sqrt 3, hence mu = 1.
    [Fact]
    public void Delta_of_one_gaussian_is_the_published_one() => GaussianDp.Delta(GaussianDp.Mu(1, Math.Sqrt(3), 3), 1).ShouldBe(0.126936, 1e-6);

    [Fact]
    public void The_test_of_opacus_is_met() => GaussianDp.Epsilon(GaussianDp.Mu(0.04, 1.5, 2249), 1e-5).ShouldBeInRange(6.59, 6.60);

    [Theory]
    [InlineData(0.3, 1e-5)]
    [InlineData(1, 1e-6)]
    [InlineData(4, 1e-3)]
    public void Epsilon_and_delta_undo_each_other(double mu, double delta) => (GaussianDp.Delta(mu, GaussianDp.Epsilon(mu, delta)) / delta).ShouldBe(1, 1e-6);
}
