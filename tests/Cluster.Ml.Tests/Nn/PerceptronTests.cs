using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Nn.Optimizers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Nn;

public class PerceptronTests
{
    private static readonly PerceptronCriterion Criterion = new();

    [Theory]
    [InlineData(2, 1, 0, 0)]
    [InlineData(2, 0, 2, 1)]
    [InlineData(-3, 1, 3, -1)]
    [InlineData(-3, 0, 0, 0)]
    [InlineData(0, 1, 0, -1)]
    [InlineData(0, 0, 0, 1)]
    public void An_example_on_the_wrong_side_pulls_and_one_on_the_right_side_does_not(float z, double target, double loss, float pull)
    {
        float[] gradient = [7];
        Criterion.Row([z], target, gradient).ShouldBe(loss);
        gradient[0].ShouldBe(pull);
    }

    [Fact]
    public void A_class_is_the_heaviside_step_of_the_output()
    {
        double[] scores = new double[2];
        Criterion.Predict([0.01f], scores).ShouldBe(1);
        scores.ShouldBe([0, 1]);
        Criterion.Predict([0], []).ShouldBe(0);
        Criterion.Predict([-1], []).ShouldBe(0);
    }

    [Fact]
    public void Rosenblatts_rule_by_hand_gives_the_same_weights()
    {
        NetworkLearner learner = NetworkLearner.Create(
            SomeNetwork.Job("perceptron", [], new SgdOptions { Rate = 1 }), SomeNetwork.Shape(3, 2), 0);
        RowTable table = SomeNetwork.Rows(40, 3, 2);
        NumericBuffer state = SomeNetwork.Start(learner);
        TrainingShard shard = SomeNetwork.Shard(table);
        double[] w = new double[4];
        for (int step = 0; step < 200; step++)
        {
            int row = step % 40;
            NumericBuffer sum = SomeNetwork.Contribution(learner, state, [new MicroBatch(shard, new[] { row })]);
            learner.Update(state, new NumericBuffer(NumberKind.Float32, learner.OptimizerStateLength), sum, new StepContext(step, 0, 200));

            double side = table.Targets[row] == 1 ? 1 : -1, z = w[3];
            for (int i = 0; i < 3; i++) z += w[i] * table.FloatsOf(row)[i];
            if (side * z > 0) continue;
            for (int i = 0; i < 3; i++) w[i] += side * table.FloatsOf(row)[i];
            w[3] += side;
        }
        for (int i = 0; i < 4; i++) ((double)state.Floats[i]).ShouldBe(w[i], 1e-4);
    }

    [Fact]
    public void Classes_that_a_line_parts_are_learned_without_error()
    {
        NetworkLearner learner = NetworkLearner.Create(
            SomeNetwork.Job("perceptron", [], new SgdOptions { Rate = 1 }), SomeNetwork.Shape(2, 2), 0);
        NumericBuffer features = new(NumberKind.Float32, 8), state = SomeNetwork.Start(learner);
        new float[] { 0, 0, 0, 1, 1, 0, 1, 1 }.CopyTo(features.Floats);
        RowTable and = new(features, 2, [0, 0, 0, 1]);                             // the logical and: a line parts it
        TrainingShard shard = SomeNetwork.Shard(and);
        for (int step = 0; step < 100; step++)
            learner.Update(state, new NumericBuffer(NumberKind.Float32, learner.OptimizerStateLength),
                SomeNetwork.Contribution(learner, state, [new MicroBatch(shard, new[] { step % 4 })]), new StepContext(step, 0, 100));
        double[] said = new double[4];
        learner.CreateContributor().Predict(state, new RowRange(and, new[] { 0, 1, 2, 3 }), said, []);
        said.ShouldBe([0, 0, 0, 1]);
    }

    [Fact]
    public void More_classes_than_two_are_refused() =>
        Should.Throw<ArgumentException>(() => NetworkLearner.Create(SomeNetwork.Job("perceptron", []), SomeNetwork.Shape(2, 3), 0)).Message.ShouldContain("2 classes, got 3");
}
