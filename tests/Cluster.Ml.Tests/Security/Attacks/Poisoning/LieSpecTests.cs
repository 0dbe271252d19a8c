using Cluster.Ml.Security.Attacks.Poisoning;

namespace Cluster.Ml.Tests.Security.Attacks.Poisoning;

/// <summary>What lying micro-batches say.</summary>
public sealed class LieSpecTests
{
    private readonly bool[] _lying = [false, true, false, false, true];

    [Theory]
    [InlineData(Lie.SignFlip, 2, -20, -40)]
    [InlineData(Lie.Scale, 2, 20, 40)]
    [InlineData(Lie.LittleIsEnough, 1.5, 2 - 1.2247449, 2 - 1.2247449)]     // honest 1, 2 and 3: mean 2, deviation √(2/3)
    [InlineData(Lie.InnerProduct, 2, -4, -4)]
    public void Liars_say_what_the_equation_says(Lie kind, double strength, double first, double second)
    {
        float[] gradients = [1, 10, 2, 3, 20];

        new LieSpec(kind, 2, strength).Tell(gradients, _lying, 1);

        gradients[1].ShouldBe((float)first, 1e-5f);
        gradients[4].ShouldBe((float)second, 1e-5f);
        new[] { gradients[0], gradients[2], gradients[3] }.ShouldBe([1f, 2f, 3f]);
    }

    // The paper's example: n = 50, f = 24 gives s = 2 and z = Φ⁻¹(24/26) = 1.43.
    [Fact]
    public void The_largest_lie_that_hides_is_the_papers() => LieSpec.Hidden(50, 24).ShouldBe(1.43, 0.005);

    [Fact]
    public void So_many_lie_as_are_asked_for_and_who_depends_on_the_seed()
    {
        LieSpec spec = new(Lie.SignFlip, 3, 1);

        spec.Chosen(16, 1).Count(lies => lies).ShouldBe(3);
        spec.Chosen(16, 1).ShouldBe(spec.Chosen(16, 1));
        Enumerable.Range(0, 20).Select(seed => string.Concat(spec.Chosen(16, (ulong)seed))).Distinct().Count().ShouldBeGreaterThan(10);
    }
}
