using Cluster.Ml.Randomness;
using Cluster.Ml.Reinforcement.Environments;

namespace Cluster.Ml.Tests.Reinforcement.Environments;

public sealed class CartPoleTests
{
    private static readonly CartPole s_cartPole = new();

    [Fact]
    public void The_first_push_from_rest_gives_the_known_speeds()
    {
        double[] state = new double[4];

        Transition transition = Step(state, 1);

        state[1].ShouldBe(8.0 / 41, 1e-15);         // 10·0.02·40/41 m/s and −12/41 rad/s: θ = 0 leaves fractions
        state[3].ShouldBe(-12.0 / 41, 1e-15);
        (state[0], state[2], transition).ShouldBe((0, 0, new Transition(1, false)));
    }

    // The equations of motion as they follow from the Lagrangian, two linear ones in the two accelerations.
    [Fact]
    public void A_step_solves_the_equations_of_motion()
    {
        RandomStream stream = RandomStream.At(1, RandomPurpose.Action);
        for (int i = 0; i < 200; i++)
        {
            double[] state = [.. Enumerable.Range(0, 4).Select(_ => (0.4 * stream.NextDouble()) - 0.2)], before = [.. state];
            int action = stream.Next(2);
            const double mass = 1.1, moment = 0.1 * 0.5, inertia = 4.0 / 3 * 0.1 * 0.25;
            double force = (action == 1 ? 10 : -10) + (moment * before[3] * before[3] * Math.Sin(before[2])), weight = moment * 9.8 * Math.Sin(before[2]), coupling = moment * Math.Cos(before[2]);
            double determinant = (mass * inertia) - (coupling * coupling);
            double linear = ((force * inertia) - (coupling * weight)) / determinant, angular = ((mass * weight) - (coupling * force)) / determinant;

            Step(state, action);

            double[] wanted = [before[0] + (0.02 * before[1]), before[1] + (0.02 * linear), before[2] + (0.02 * before[3]), before[3] + (0.02 * angular)];
            for (int n = 0; n < 4; n++) state[n].ShouldBe(wanted[n], 1e-13);
        }
    }

    [Theory]
    [InlineData(2.39, 0, 0, 0, false)]
    [InlineData(2.39, 1, 0, 0, true)]
    [InlineData(-2.39, -1, 0, 0, true)]
    [InlineData(0, 0, 0.2090, 0, false)]
    [InlineData(0, 0, 0.2090, 0.03, true)]
    [InlineData(0, 0, -0.2090, -0.03, true)]
    public void It_ends_beyond_the_track_and_beyond_twelve_degrees(double place, double speed, double angle, double turning, bool ends) =>
        Step([place, speed, angle, turning], 1).Ends.ShouldBe(ends);

    [Fact]
    public void It_begins_near_the_middle_with_numbers_of_single_precision_that_the_stream_alone_decides()
    {
        double[] first = Start(3), again = Start(3), other = Start(4);

        again.ShouldBe(first);
        other.ShouldNotBe(first);
        foreach (double number in first)
        {
            Math.Abs(number).ShouldBeLessThanOrEqualTo(0.05f);
            ((double)(float)number).ShouldBe(number);
        }
    }

    private static double[] Start(int row)
    {
        RandomStream chance = RandomStream.At(42, RandomPurpose.EpisodeStart, 0, row);
        double[] state = new double[4];
        s_cartPole.Start(ref chance, state);
        return state;
    }

    private static Transition Step(double[] state, int action)
    {
        RandomStream chance = RandomStream.At(1, RandomPurpose.Episode);
        return s_cartPole.Step(state, action, ref chance);
    }
}
