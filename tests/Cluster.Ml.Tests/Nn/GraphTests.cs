using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Graph;
using Cluster.Ml.Nn.Initializers;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Numerics;

namespace Cluster.Ml.Tests.Nn;

public class GraphTests
{
    private const string Residual = "residual", Inception = "inception", Named = "named", Shared = "shared", Frozen = "frozen";

    [Theory]
    [InlineData(Residual)]
    [InlineData(Inception)]
    [InlineData(Named)]
    [InlineData(Shared)]
    public void Backward_agrees_with_central_differences_in_double_precision(string graph)
    {
        const int features = 6, classes = 3, rows = 12;
        NetworkLearner learner = Learner(graph, features, classes);
        NumericBuffer state = SomeNetwork.Start(learner, 0.2);
        RowTable table = SomeNetwork.Rows(rows, features, classes);
        ReferenceNetwork reference = new(features, classes, Layers(graph));

        NumericBuffer contribution = SomeNetwork.Contribution(learner, state, SomeNetwork.Batches(SomeNetwork.Shard(table), 5, 7));
        double[] expected = reference.Gradient(
            state.Floats, w => Enumerable.Range(0, rows).Sum(row => reference.Loss(w, table.FloatsOf(row), table.Targets[row], 100 + row, 0)));

        double size = Math.Sqrt(expected.Sum(x => x * x));
        for (int i = 0; i < expected.Length; i++)
            ((double)contribution.Floats[i]).ShouldBe(expected[i], 2e-6 * Math.Max(1, size), $"parameter {i}");
    }

    [Theory]
    [InlineData(Residual, false)]
    [InlineData(Inception, true)]
    [InlineData(Named, true)]
    [InlineData(Shared, false)]
    [InlineData(Frozen, true)]
    public void A_subtree_gives_the_bits_of_its_single_micro_batches_combined(string graph, bool isPrivate)
    {
        NetworkLearner learner = Learner(graph, 19, 3, isPrivate ? new PrivacySpec(0.5, 1, 1e-5, null) : null);
        NumericBuffer state = SomeNetwork.Start(learner, 0.1);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(100, 19, 3)), 16, 0, 1, 17);

        NumericBuffer left = SomeNetwork.Contribution(learner, state, batches.AsSpan(0, 1)), right = SomeNetwork.Contribution(learner, state, batches.AsSpan(2, 1));
        ((ILearner)learner).Combine(left, SomeNetwork.Contribution(learner, state, batches.AsSpan(1, 1)));
        ((ILearner)learner).Combine(right, SomeNetwork.Contribution(learner, state, batches.AsSpan(3, 1)));
        ((ILearner)learner).Combine(left, right);

        SomeNetwork.Bits(SomeNetwork.Contribution(learner, state, batches).Floats).ShouldBe(SomeNetwork.Bits(left.Floats));
    }

    [Fact]
    public void Frozen_layers_stay_as_they_are_and_the_others_learn_as_if_none_were_frozen()
    {
        NetworkLearner frozen = Learner(Frozen, 6, 3), free = NetworkLearner.Create(
            SomeNetwork.Job(layers: [.. Layers(Frozen).Select(layer => layer with { Frozen = false })]), SomeNetwork.Shape(6, 3), 0);
        NumericBuffer state = SomeNetwork.Start(frozen), optimizerState = new(NumberKind.Float32, frozen.OptimizerStateLength);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(20, 6, 3)), 20);
        float[] before = state.Floats.ToArray();

        NumericBuffer gradient = SomeNetwork.Contribution(frozen, state, batches), all = SomeNetwork.Contribution(free, state, batches);
        frozen.Update(state, optimizerState, gradient, SomeNetwork.FirstStep);

        int kept = 7 * 9;                                                        // 6 features and a bias for each of 9 units
        state.Floats[..kept].ToArray().ShouldBe(before[..kept]);
        state.Floats[kept..].ToArray().Zip(before[kept..]).Count(pair => pair.First != pair.Second).ShouldBeGreaterThan(kept / 2);
        gradient.Length.ShouldBe(all.Length - kept);
        SomeNetwork.Bits(gradient.Floats).ShouldBe(SomeNetwork.Bits(all.Floats[kept..]));
    }

    [Fact]
    public void Buffers_share_their_places_without_changing_a_bit()
    {
        LayerSpec[] deep = [.. Enumerable.Range(0, 12).Select(i => i % 3 == 0 ? (LayerSpec)new DropoutOptions(0.1) : new DenseOptions(30, "tanh")), .. Layers(Inception)];
        Network network = NetworkFactory.Build(SomeNetwork.Job(layers: deep), SomeNetwork.Shape(6, 3)).Asked;
        BufferPlan plan = new(network, keeps: false, wantsInputGradient: false);
        plan.Size.ShouldBeLessThan(plan.Unshared * 6 / 10);

        float[] spare = Gradient(keeps: false), roomy = Gradient(keeps: true);
        SomeNetwork.Bits(spare).ShouldBe(SomeNetwork.Bits(roomy));

        float[] Gradient(bool keeps)
        {
            NetworkLearner learner = NetworkLearner.Create(SomeNetwork.Job(layers: deep), SomeNetwork.Shape(6, 3), 0);
            float[] parameters = SomeNetwork.Start(learner).Floats.ToArray(), gradient = new float[learner.StateLength];
            NetworkPass pass = new(network, keeps);
            pass.Begin(5);
            GoldenNn.Wave(30, 0.37).CopyTo(pass.Inputs);
            pass.Forward(parameters, new RowRandom(42, network.RandomPerRow) { ExampleIds = [4, 8, 15, 16, 23] });
            Head head = network.Heads[0];
            for (int row = 0; row < 5; row++) head.Loss.Row(pass.OutputOf(head, row), row % 3, pass.OutputGradientOf(head).Slice(row * 3, 3));
            if (keeps)
            {
                pass.BackwardInputs(parameters);
                pass.BackwardParameters(parameters, [5], gradient);
            }
            else
            {
                pass.Backward(parameters, [5], gradient);
            }
            return gradient;
        }
    }

    [Fact]
    public void A_contributor_that_has_grown_allocates_nothing()
    {
        foreach (string graph in new[] { Residual, Inception, Named, Shared, Frozen })
        {
            NetworkLearner learner = Learner(graph, 19, 3);
            NumericBuffer state = SomeNetwork.Start(learner), contribution = new(NumberKind.Float32, learner.ContributionLength);
            NumericBuffer optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
            MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(100, 19, 3)), 16, 0, 1, 17);
            IContributor contributor = learner.CreateContributor();
            Allocations.Least(() =>
            {
                contributor.Contribute(state, batches, contribution, SomeNetwork.FirstStep);
                learner.Update(state, optimizerState, contribution, SomeNetwork.FirstStep);
            }, inARow: 10).ShouldBe(0, graph);
        }
    }

    [Fact]
    public void Several_positions_are_clipped_by_the_norm_of_their_summed_gradient()
    {
        const int rows = 4;
        ParameterLayout layout = new();
        NetworkBuilder builder = new(layout, TensorShape.Of(5));
        int first = builder.Add(new Dense(TensorShape.Of(5), 3, ActivationRegistry.Of("tanh"), Initializer.GlorotUniform), NetworkBuilder.Input, frozen: true);
        int second = builder.Add(new Dense(TensorShape.Of(5), 3, ActivationRegistry.Of("sigmoid"), Initializer.GlorotUniform), NetworkBuilder.Input, frozen: true);
        int both = builder.Add(shapes => new Stack(shapes), first, second);
        int last = builder.Add(new Dense(TensorShape.Of(2, 3), 4, ActivationRegistry.Of("none"), Initializer.GlorotUniform), both);
        Network network = builder.Cost(last, new SumOfSquares()).Build();
        float[] parameters = GoldenNn.Wave(layout.ParameterCount, 0.9), norms = new float[rows], x = GoldenNn.Wave(rows * 5, 1.3);
        network.ShapeOf(last).ShouldBe(TensorShape.Of(2, 4));

        Pass(x, rows).SquaredNorms(parameters, norms);
        for (int row = 0; row < rows; row++)
        {
            float[] gradient = new float[layout.GradientCount];
            Pass(x.AsSpan(row * 5, 5), 1).BackwardParameters(parameters, [1], gradient);
            ((double)norms[row]).ShouldBe(gradient.Sum(g => (double)g * g), 1e-5);
        }

        NetworkPass Pass(ReadOnlySpan<float> inputs, int count)
        {
            NetworkPass pass = new(network, keeps: true);
            pass.Begin(count);
            inputs.CopyTo(pass.Inputs);
            pass.Forward(parameters, null);
            Head head = network.Heads[0];
            for (int row = 0; row < count; row++) head.Loss.Row(pass.OutputOf(head, row), 0, pass.OutputGradientOf(head).Slice(row * 8, 8));
            pass.BackwardInputs(parameters);
            return pass;
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused([new SumOptions([new BranchSpec(null, []), new BranchSpec(null, [new DenseOptions(5, "none")])])], "sum: wanted inputs of one shape, got 6 and 5");
        Refused([new DenseOptions(6, "none") { Name = "a" }, new DenseOptions(7, "none") { Share = "a" }], "wanted parameters of 42 weights of 49, got those of layer 1 (dense 6): 36 of 42");
        Refused([new DropoutOptions(0.1) { Name = "a" }, new DenseOptions(7, "none") { Share = "a" }], "to have parameters, got none");
        Refused([new DenseOptions(6, "none") { Name = "a" }, new DenseOptions(7, "none") { From = "a" }, new DenseOptions(7, "none") { From = "a" }], "wanted its output to be read");
        Should.Throw<BadInputException>(() => Learner(Shared, 6, 3, new PrivacySpec(1, 1, 1e-5, null))).Message.ShouldContain("shared");

        static void Refused(LayerSpec[] layers, string text) =>
            Should.Throw<BadInputException>(() => NetworkLearner.Create(SomeNetwork.Job(layers: layers), SomeNetwork.Shape(6, 3), 0)).Message.ShouldContain(text);
    }

    [Fact]
    public void Joins_take_shapes_apart_and_together_again()
    {
        Concatenation concat = new([TensorShape.Of(2, 1), TensorShape.Of(2, 3)]);
        float[] y = new float[8], first = new float[2], second = new float[6];
        concat.Forward(0, 1, [1, 2], y);
        concat.Forward(1, 1, [10, 11, 12, 20, 21, 22], y);
        y.ShouldBe([1, 10, 11, 12, 2, 20, 21, 22]);
        concat.Backward(0, 1, y, first);
        concat.Backward(1, 1, y, second);
        first.ShouldBe([1, 2]);
        second.ShouldBe([10, 11, 12, 20, 21, 22]);
        Should.Throw<ArgumentException>(() => new Concatenation([TensorShape.Of(2, 1), TensorShape.Of(3, 1)])).Message.ShouldContain("2 × 1 and 3 × 1");
        Should.Throw<ArgumentException>(() => new Concatenation([])).Message.ShouldContain("at least one input");
        Should.Throw<ArgumentException>(() => new Stack([TensorShape.Of(2), TensorShape.Of(3)])).Message.ShouldContain("one shape");
        Should.Throw<ArgumentException>(() => TensorShape.Of(2, 0)).Message.ShouldContain("at least 1");
    }

    private static NetworkLearner Learner(string graph, int features, int classes, PrivacySpec? privacy = null) =>
        NetworkLearner.Create(SomeNetwork.Job(layers: Layers(graph), privacy: privacy), SomeNetwork.Shape(features, classes), privacy is null ? 0 : 1);

    private static LayerSpec[] Layers(string graph) => graph switch
    {
        Residual => [new DenseOptions(7, "tanh"), new SumOptions([Branch(), Branch(new DenseOptions(4, "relu"), new DenseOptions(7, "none"))])],
        Inception =>
        [
            new ConcatenationOptions([Branch(new DenseOptions(4, "relu")), Branch(new DropoutOptions(0.3), new DenseOptions(3, "tanh")), Branch()]),
            new SumOptions([Branch(new DenseOptions(5, "sigmoid")), Branch(new DenseOptions(5, "tanh"))]),
        ],
        Named =>
        [
            new DenseOptions(8, "tanh") { Name = "trunk" }, new DenseOptions(5, "relu") { Name = "left" },
            new DenseOptions(6, "tanh") { Name = "right", From = "trunk" }, new ConcatenationOptions([new BranchSpec("left", []), new BranchSpec("right", []), new BranchSpec("trunk", [])]),
        ],
        Shared => [new DenseOptions(9, "tanh"), new DenseOptions(9, "tanh") { Name = "turn" }, new DenseOptions(9, "none") { Share = "turn" }, new DenseOptions(9, "sigmoid") { Share = "turn" }],
        _ => [new DenseOptions(9, "tanh") { Frozen = true }, new DenseOptions(8, "tanh"), new DenseOptions(5, "relu")],
    };

    private static BranchSpec Branch(params LayerSpec[] layers) => new(null, layers);

    private sealed class SumOfSquares : Loss
    {
        public override bool Classifies => false;

        public override double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient)
        {
            double sum = 0;
            for (int i = 0; i < outputs.Length; i++)
            {
                sum += outputs[i] * outputs[i];
                if (!gradient.IsEmpty) gradient[i] = 2 * outputs[i];
            }
            return sum;
        }

        public override double Predict(ReadOnlySpan<float> outputs, Span<double> scores) => outputs[0];
    }
}
