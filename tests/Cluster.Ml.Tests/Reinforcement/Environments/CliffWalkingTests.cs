using Cluster.Ml.Randomness;
using Cluster.Ml.Reinforcement.Environments;

namespace Cluster.Ml.Tests.Reinforcement.Environments;

public sealed class CliffWalkingTests
{
    private const int Up = 0, Right = 1, Down = 2, Left = 3;

    [Fact]
    public void The_shortest_way_ends_with_minus_thirteen()
    {
        double[] state = [3, 0];
        int[] way = [Up, .. Enumerable.Repeat(Right, 11), Down];

        Transition[] transitions = [.. way.Select(action => Step(state, action))];

        transitions.Sum(transition => transition.Reward).ShouldBe(-13);
        transitions.Select(transition => transition.Ends).ShouldBe([.. Enumerable.Repeat(false, 12), true]);
        state.ShouldBe([3, 11]);
    }

    [Theory]
    [InlineData(3, 0, Right)]
    [InlineData(2, 5, Down)]
    [InlineData(2, 10, Down)]
    public void A_fall_costs_a_hundred_and_leads_back(int row, int column, int action)
    {
        double[] state = [row, column];

        Step(state, action).ShouldBe(new Transition(-100, false));

        state.ShouldBe([3, 0]);
    }

    [Theory]
    [InlineData(0, 3, Up)]
    [InlineData(1, 0, Left)]
    [InlineData(1, 11, Right)]
    [InlineData(3, 0, Down)]
    public void An_edge_holds(int row, int column, int action)
    {
        double[] state = [row, column];

        Step(state, action).ShouldBe(new Transition(-1, false));

        state.ShouldBe([row, column]);
    }

    private static Transition Step(double[] state, int action)
    {
        RandomStream chance = RandomStream.At(1, RandomPurpose.Episode);
        return new CliffWalking().Step(state, action, ref chance);
    }
}
