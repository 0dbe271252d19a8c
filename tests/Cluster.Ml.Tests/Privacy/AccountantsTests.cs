using Cluster.Ml.Privacy;

namespace Cluster.Ml.Tests.Privacy;

/// <summary>Accountants by name, and the noise that each asks for.</summary>
public sealed class AccountantsTests
{
    // Opacus: δ 1e-5, q 0.04, ε 8, 2000 steps; its own search stops within 0.01 of ε.
    [Theory]
    [InlineData("rdp", 1.3562, 1e-3)]
    [InlineData("prv", 1.2915, 3e-3)]
    public void Calibrated_noise_is_the_published_one(string name, double noise, double tolerance)
    {
        double found = Accountants.Noise(name, 8, 1e-5, 0.04, 2000);

        found.ShouldBe(noise, tolerance);
        Accountants.Named(name).Epsilon(0.04, found, 2000, 1e-5).Epsilon.ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public void An_unknown_name_is_refused() => Should.Throw<ArgumentException>(() => Accountants.Named("rdb")).Message.ShouldContain("prv");
}
