using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Nn;

public class NetworkGradientTests
{
    [Theory]
    [InlineData("mlp", 3, "tanh", "relu", 0.0)]
    [InlineData("mlp", 3, "sigmoid", "leaky-relu", 0.3)]
    [InlineData("mlp", 0, "tanh", "none", 0.5)]
    [InlineData("softmax", 4, "", "", 0.0)]
    [InlineData("logistic", 2, "", "", 0.0)]
    public void Backward_agrees_with_central_differences_in_double_precision(string kind, int classes, string first, string second, double rate)
    {
        const int features = 6, rows = 12;
        LayerSpec[] hidden = kind != "mlp" ? []
            : rate > 0 ? [new DropoutOptions(rate), new DenseOptions(8, first), new DropoutOptions(rate), new DenseOptions(5, second)]
            : [new DenseOptions(8, first), new DenseOptions(5, second)];
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(kind, hidden), SomeNetwork.Shape(features, classes), 0);
        NumericBuffer state = SomeNetwork.Start(learner, 0.2);
        RowTable table = SomeNetwork.Rows(rows, features, classes);
        StepContext step = new(5, 0, 10);

        NumericBuffer contribution = SomeNetwork.Contribution(learner, state, SomeNetwork.Batches(SomeNetwork.Shard(table), 5, 7), step);
        ReferenceNetwork reference = new(features, classes, hidden, kind == "logistic");
        double SumOfLosses(double[] w)
        {
            double sum = 0;
            for (int row = 0; row < rows; row++) sum += reference.Loss(w, table.FloatsOf(row), table.Targets[row], 100 + row, step.Step);
            return sum;
        }
        double[] expected = reference.Gradient(state.Floats, SumOfLosses);

        double size = Math.Sqrt(expected.Sum(x => x * x));
        for (int i = 0; i < expected.Length; i++)
            ((double)contribution.Floats[i]).ShouldBe(expected[i], 2e-6 * Math.Max(1, size), $"parameter {i}");
        ((double)contribution.Floats[expected.Length + StepStatistics.LossSum])
            .ShouldBe(SumOfLosses(Array.ConvertAll(state.Floats.ToArray(), x => (double)x)), 1e-5);
        contribution.Floats[expected.Length + StepStatistics.Examples].ShouldBe(rows);
    }

    [Fact]
    public void Gradients_of_whole_networks_are_those_of_pytorch()
    {
        foreach (GoldenNetwork golden in GoldenNn.Read().Networks)
        {
            LayerSpec[] hidden = [.. golden.Widths[1..^1].Zip(golden.Activations, (units, activation) => new DenseOptions(units, activation))];
            NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job("mlp", hidden), SomeNetwork.Shape(golden.Widths[0], golden.Classes), 0);
            NumericBuffer state = new(NumberKind.Float32, learner.StateLength), features = new(NumberKind.Float32, 9 * golden.Widths[0]);
            GoldenNn.Wave(state.Length, 1.7, 0.6).CopyTo(state.Floats);
            GoldenNn.Wave(features.Length, 0.83).CopyTo(features.Floats);
            double[] targets = golden.Classes > 0 ? [.. Enumerable.Range(0, 9).Select(i => (double)(i % golden.Classes))] : [.. GoldenNn.Wave(9, 2.9).Select(x => (double)x)];
            RowTable table = new(features, golden.Widths[0], targets);

            NumericBuffer contribution = SomeNetwork.Contribution(learner, state, SomeNetwork.Batches(SomeNetwork.Shard(table), 4, 5));

            ((double)contribution.Floats[learner.StateLength + StepStatistics.LossSum]).ShouldBe(golden.Loss, 2e-6 * golden.Loss);
            for (int i = 0; i < golden.Gradient.Length; i++)
                ((double)contribution.Floats[i]).ShouldBe(golden.Gradient[i], 3e-6, $"{string.Join('-', golden.Widths)} parameter {i}");
        }
    }

    [Fact]
    public void The_input_gradient_agrees_with_central_differences()
    {
        LayerSpec[] hidden = [new DropoutOptions(0.5), new DenseOptions(8, "tanh"), new DenseOptions(5, "sigmoid")];
        Network network = NetworkFactory.Build(SomeNetwork.Job("mlp", hidden), SomeNetwork.Shape(6, 3)).Asked;
        NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job("mlp", hidden), SomeNetwork.Shape(6, 3), 0);
        float[] parameters = SomeNetwork.Start(learner).Floats.ToArray(), x = GoldenNn.Wave(6, 1.3);
        double[] exact = Array.ConvertAll(parameters, w => (double)w);
        NetworkPass pass = new(network, wantsInputGradient: true);
        pass.Begin(1);
        x.CopyTo(pass.Inputs);
        RowRandom random = new(42, network.RandomPerRow) { Step = 3, ExampleIds = [9] };
        pass.Forward(parameters, random);
        Head head = network.Heads[0];
        head.Loss.Row(pass.OutputOf(head), 2, pass.OutputGradientOf(head));
        pass.BackwardInputs(parameters);

        ReferenceNetwork reference = new(6, 3, hidden);
        for (int i = 0; i < x.Length; i++)
        {
            const float h = 1 / 1024f;
            float[] up = [.. x], down = [.. x];
            up[i] += h;
            down[i] -= h;
            double slope = (reference.Loss(exact, up, 2, 9, 3) - reference.Loss(exact, down, 2, 9, 3)) / ((double)up[i] - down[i]);
            ((double)pass.InputGradient[i]).ShouldBe(slope, 2e-6);
        }
    }
}
