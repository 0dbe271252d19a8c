using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Randomness;
using Cluster.Ml.Reinforcement.Environments;
using Cluster.Ml.Reinforcement.QLearning;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Reinforcement.QLearning;

public sealed class QLearnerTests
{
    // With α = 1 and no chance in the environment every visit sets a value to what the next ones say: after enough of them all are those of value iteration.
    [Fact]
    public void Every_value_of_the_grid_world_is_that_of_value_iteration()
    {
        TrainedModel model = Train("gridworld-q", "model.explore=0.5", "training.epochs=30", "model.validation-episodes=0");
        double[] optimal = ValueIteration(new CliffWalking(), 1);

        for (int i = 0; i < optimal.Length; i++) model.State.Doubles[i].ShouldBe(optimal[i], $"cell {i / 4}, action {i % 4}");
        model.Test["mean-return"].ShouldBe(-13);
    }

    [Fact]
    public void The_example_finds_the_shortest_way()
    {
        TrainedModel model = Train("gridworld-q");

        (model.Validation["mean-return"], model.Test["mean-return"], model.Test["mean-steps"]).ShouldBe((-13, -13, 13));
    }

    [Fact]
    public void A_step_moves_each_value_by_the_rate_towards_the_mean_of_what_was_seen()
    {
        JobSpec job = JobOf("gridworld-q", "model.rate=0.25", "model.discount=0.5");
        QLearner learner = QLearner.Create(job);
        NumericBuffer state = new(NumberKind.Float64, learner.StateLength), none = new(NumberKind.Float64, 0), sum = new(NumberKind.Float64, learner.ContributionLength);
        state.Doubles[5] = 2;
        (sum.Doubles[5], sum.Doubles[learner.StateLength + 5]) = (-12, 3);
        sum.Doubles[^2] = 3;

        UpdateOutcome outcome = learner.Update(state, none, sum, new StepContext(0, 0, 1));

        state.Doubles[5].ShouldBe(1);
        state.Doubles.ToArray().Count(value => value != 0).ShouldBe(1);
        outcome.Examples.ShouldBe(3);
    }

    [Fact]
    public void A_row_that_is_no_cell_is_refused_by_its_number()
    {
        JobSpec job = JobOf("gridworld-q");
        QLearner learner = QLearner.Create(job);
        NumericBuffer rows = new(NumberKind.Float64, 4);
        (rows.Doubles[0], rows.Doubles[1], rows.Doubles[2], rows.Doubles[3]) = (1, 2, 1.5, 12);

        BadInputException error = Should.Throw<BadInputException>(() => learner.CreateContributor().Predict(
            new NumericBuffer(NumberKind.Float64, learner.StateLength), new RowRange(new RowTable(rows, 2, []), new[] { 0, 1 }), new double[2], []));

        error.Message.ShouldContain("row 2: wanted a state of cliff-walking, a row from 0 to 3 and a column from 0 to 11, got 1.5, 12");
    }

    [Fact]
    public void An_environment_without_a_table_is_refused_and_those_that_have_one_are_told() =>
        Should.Throw<BadInputException>(() => JobOf("gridworld-q", "model.environment=cart-pole")).Message
            .ShouldContain("model.environment to be one with a table of states (mountain-car, cliff-walking), got 'cart-pole'");

    /// <summary>Q*, by sweeps over all cells until nothing changes.</summary>
    private static double[] ValueIteration(DecisionProcess process, double discount)
    {
        const int rows = 4, columns = 12, actions = 4;
        double[] values = new double[rows * columns * actions];
        for (bool changes = true; changes;)
        {
            changes = false;
            for (int cell = 0; cell < rows * columns; cell++)
                for (int action = 0; action < actions; action++)
                {
                    if (cell / columns == rows - 1 && cell % columns > 0) continue;         // the cliff and the end: nobody acts there
                    double[] state = [cell / columns, cell % columns];
                    RandomStream chance = RandomStream.At(1, RandomPurpose.Episode);
                    Transition transition = process.Step(state, action, ref chance);
                    double next = transition.Ends ? 0 : values.AsSpan(process.CellOf(state) * actions, actions).ToArray().Max(), value = transition.Reward + (discount * next);
                    changes |= values[(cell * actions) + action] != value;
                    values[(cell * actions) + action] = value;
                }
        }
        return values;
    }

    private static TrainedModel Train(string job, params string[] settings)
    {
        JobSpec spec = JobOf(job, settings);
        return SequentialTrainer.Train(spec, PreparedData.Load(spec, Learners.NumbersFor(spec)));
    }

    private static JobSpec JobOf(string job, params string[] settings) => JobFile.Read(RepositoryFiles.Path("deploy", "jobs", $"{job}.yaml"), settings);
}
