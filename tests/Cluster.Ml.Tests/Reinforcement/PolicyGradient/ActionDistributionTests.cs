using Cluster.Ml.Randomness;
using Cluster.Ml.Reinforcement.PolicyGradient;

namespace Cluster.Ml.Tests.Reinforcement.PolicyGradient;

public sealed class ActionDistributionTests
{
    [Fact]
    public void Probabilities_are_the_softmax_and_entropy_is_theirs()
    {
        ActionDistribution actions = new(3);
        actions.Take([0, MathF.Log(2), MathF.Log(5)]);

        double[] wanted = [1.0 / 8, 2.0 / 8, 5.0 / 8];
        for (int a = 0; a < 3; a++)
        {
            actions.Probabilities[a].ShouldBe(wanted[a], 1e-7);
            actions.LogOf(a).ShouldBe(Math.Log(wanted[a]), 1e-6);
        }
        actions.Entropy().ShouldBe(-wanted.Sum(p => p * Math.Log(p)), 1e-7);
        actions.Best.ShouldBe(2);
    }

    [Fact]
    public void Huge_logits_give_finite_logarithms_and_a_tie_the_first()
    {
        ActionDistribution actions = new(2);
        actions.Take([1000, -1000]);
        actions.LogOf(1).ShouldBe(-2000);
        actions.Entropy().ShouldBe(0);

        actions.Take([3, 3]);
        actions.Best.ShouldBe(0);
    }

    [Fact]
    public void Actions_are_drawn_as_often_as_they_are_likely()
    {
        ActionDistribution actions = new(3);
        actions.Take([0, MathF.Log(2), MathF.Log(5)]);
        RandomStream choice = RandomStream.At(42, RandomPurpose.Action);
        int[] counts = new int[3];
        for (int i = 0; i < 80_000; i++) counts[actions.Draw(ref choice)]++;

        foreach ((int count, int wanted) in counts.Zip([10_000, 20_000, 50_000])) count.ShouldBeInRange(wanted - 600, wanted + 600);    // over four deviations
    }
}
