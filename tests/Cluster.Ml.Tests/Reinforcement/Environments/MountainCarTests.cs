using Cluster.Ml.Randomness;
using Cluster.Ml.Reinforcement.Environments;

namespace Cluster.Ml.Tests.Reinforcement.Environments;

public sealed class MountainCarTests
{
    private static readonly MountainCar s_car = new();

    [Theory]
    [InlineData(-0.5, 0, 2)]
    [InlineData(-0.9, 0.03, 0)]
    [InlineData(0.2, -0.05, 1)]
    public void A_step_is_the_books_equation(double place, double speed, int action)
    {
        double[] state = [place, speed];
        double wanted = speed + (0.001 * (action - 1)) - (0.0025 * Math.Cos(3 * place));

        Step(state, action).ShouldBe(new Transition(-1, false));

        state[1].ShouldBe(wanted, 1e-16);
        state[0].ShouldBe(place + wanted, 1e-15);
    }

    [Fact]
    public void The_wall_on_the_left_stops_the_car_and_the_speed_is_bounded()
    {
        double[] wall = [-1.19, -0.07], fast = [-0.6, 0.0699];

        Step(wall, 0);
        Step(fast, 2);

        wall.ShouldBe([-1.2, 0]);
        fast[1].ShouldBe(0.07);
    }

    // A known solution: always push the way the car moves. Pushing forward alone never gets there.
    [Fact]
    public void Swinging_reaches_the_top_from_every_start_and_driving_straight_up_does_not()
    {
        for (int row = 0; row < 50; row++)
        {
            Played(row, speed => speed < 0 ? 0 : 2).ShouldBeLessThan(200);
            Played(row, _ => 2).ShouldBe(200);
        }
    }

    [Fact]
    public void Cells_are_within_the_table_at_every_corner()
    {
        s_car.CellOf([-1.2, -0.07]).ShouldBe(0);
        s_car.CellOf([0.5, 0.07]).ShouldBe(s_car.Cells - 1);
        s_car.CellOf([-9, 9]).ShouldBe(39);
    }

    private static int Played(int row, Func<double, int> policy)
    {
        RandomStream chance = RandomStream.At(42, RandomPurpose.EpisodeStart, 0, row);
        double[] state = new double[2];
        s_car.Start(ref chance, state);
        int steps = 0;
        for (bool ends = false; !ends && steps < s_car.StepsMax; steps++) ends = s_car.Step(state, policy(state[1]), ref chance).Ends;
        return steps;
    }

    private static Transition Step(double[] state, int action)
    {
        RandomStream chance = RandomStream.At(1, RandomPurpose.Episode);
        return s_car.Step(state, action, ref chance);
    }
}
