using Cluster.Ml.Aggregation;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Activations;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Nn;

/// <summary>Layers that treat each place of a row alike: softmax, embedding, Heaviside; and how weights may start.</summary>
public sealed class PlaceLayerTests
{
    private const int Rows = 3, Places = 4, Units = 5, Tokens = 7;

    [Theory]
    [InlineData(1.0)]
    [InlineData(60.0)]
    public void Softmax_has_the_values_and_gradients_of_pytorch(double size)
    {
        GoldenLayer golden = GoldenLayer.Of("layers", $"softmax {size}");
        LayerRun run = LayerRun.Of(new Softmax(TensorShape.Of(Places, Units)), GoldenNn.Wave(Rows * Places * Units, 1.1, size));
        run.Output.ShouldBeNear(golden.Output, 2e-7 * Math.Max(1, size));
        run.InputGradient.ShouldBeNear(golden.InputGradient, 3e-7 * Math.Max(1, size));
    }

    [Fact]
    public void Softmax_agrees_with_central_differences_and_does_not_move_when_all_inputs_do()
    {
        float[] x = GoldenNn.Wave(Rows * Places * Units, 0.7), weights = GoldenNn.Wave(x.Length, 0.9);
        (float[] y, float[] dx, _) = LayerRun.Of(new Softmax(TensorShape.Of(Places, Units)), x);
        double[] exact = Array.ConvertAll(x, value => (double)value);
        for (int i = 0; i < x.Length; i++)
        {
            const double h = 1e-5;
            double was = exact[i];
            exact[i] = was + h;
            double up = Weighted();
            exact[i] = was - h;
            double down = Weighted();
            exact[i] = was;
            ((double)dx[i]).ShouldBe((up - down) / (2 * h), 3e-7);
        }
        LayerRun.Of(new Softmax(TensorShape.Of(Places, Units)), [.. x.Select(value => value + 512)]).Output.ShouldBeNear([.. y.Select(value => (double)value)], 2e-5);
        LayerRun.Of(new Softmax(TensorShape.Of(1)), [1, 2, 3]).Output.ShouldBe([1, 1, 1]);
        LayerRun.Of(new Softmax(TensorShape.Of(2)), [1e30f, -1e30f, 0, 0, -1e38f, -1e38f]).Output.ShouldBe([1, 0, 0.5f, 0.5f, 0.5f, 0.5f]);

        double Weighted()
        {
            double sum = 0;
            for (int at = 0; at < exact.Length; at += Units)
            {
                double total = exact[at..(at + Units)].Sum(Math.Exp);
                for (int j = at; j < at + Units; j++) sum += weights[j] * Math.Exp(exact[j]) / total;
            }
            return sum;
        }
    }

    [Fact]
    public void An_embedding_has_the_values_and_gradients_of_pytorch_and_none_by_its_tokens()
    {
        GoldenLayer golden = GoldenLayer.Of("layers", "embedding");
        Embedding layer = new(TensorShape.Of(Places), Tokens, Units);
        LayerRun run = LayerRun.Of(layer, TokensOf(), GoldenNn.Wave(layer.ParameterCount, 1.7, 0.6));
        run.Output.ShouldBeNear(golden.Output, 1e-7);
        run.Gradient.ShouldBeNear(golden.Gradient, 3e-7);
        run.InputGradient.ShouldAllBe(value => value == 0);
    }

    // The output is linear in E, so that the difference of outputs is the gradient, but for rounding in double precision.
    [Fact]
    public void The_gradient_of_an_embedding_agrees_with_central_differences()
    {
        Embedding layer = new(TensorShape.Of(Places), Tokens, Units);
        float[] tokens = TokensOf(), gradient = LayerRun.Of(layer, tokens, GoldenNn.Wave(layer.ParameterCount, 1.7)).Gradient;
        double[] weights = [.. GoldenNn.Wave(Rows * Places * Units, 0.9).Select(value => (double)value)];
        for (int i = 0; i < gradient.Length; i++)
        {
            double slope = Enumerable.Range(0, tokens.Length).Where(place => tokens[place] == i / Units).Sum(place => weights[(place * Units) + (i % Units)]);
            ((double)gradient[i]).ShouldBe(slope, 3e-7);
        }
    }

    [Fact]
    public void Micro_batches_of_an_embedding_add_up_to_the_bit()
    {
        JobSpec job = SomeNetwork.Job(layers: [new EmbeddingOptions(6, Tokens), new RecurrentOptions("lstm", 5, 0, false)]);
        NetworkLearner learner = NetworkLearner.Create(job, SomeNetwork.Shape(Places, 3), 0);
        NumericBuffer state = SomeNetwork.Start(learner), features = new(NumberKind.Float32, 40 * Places);
        for (int i = 0; i < features.Length; i++) features.Floats[i] = ((i * i) + (i / 3)) % Tokens;
        RowTable table = new(features, Places, [.. Enumerable.Range(0, 40).Select(i => (double)(i % 3))]);
        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(table), 9, 0, 14, 17);
        NumericBuffer whole = SomeNetwork.Contribution(learner, state, batches);
        SumTree tree = new(4, ((ILearner)learner).Combine, _ => { });
        for (int first = 0; first < 4; first++) tree.Offer(new Subtree(first, 1), SomeNetwork.Contribution(learner, state, batches.AsSpan(first, 1)));
        tree.Total.Bytes.SequenceEqual(whole.Bytes).ShouldBeTrue();
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(7f)]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    public void What_is_no_token_is_refused_and_its_column_named(float token) => Should.Throw<BadInputException>(
        () => LayerRun.Of(new Embedding(TensorShape.Of(2), Tokens, 1), [0, token], new float[Tokens])).Message.ShouldContain("in column 2");

    [Fact]
    public void Heaviside_is_one_above_zero_as_pytorch_has_it()
    {
        float[] y = [.. GoldenNn.Wave(20, 0.77, 4), 0, -0f, 1e-38f, -1e-38f];
        ActivationRegistry.Of("heaviside").Forward(y, new float[y.Length]);
        y.ShouldBeNear(GoldenLayer.Of("layers", "heaviside").Output, 1e-9);
        float[] edges = [float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        ActivationRegistry.Of("heaviside").Forward(edges, new float[3]);
        edges.ShouldBe([1, 0, float.NaN]);
    }

    [Fact]
    public void Nothing_is_trained_at_a_Heaviside_function_or_below_it_or_below_an_embedding()
    {
        Refused([new DenseOptions(4, "heaviside")], "layer 1 (dense 4): wanted no layer that is trained at it or below it");
        Refused([new DenseOptions(4, "relu"), new ActivationOptions("heaviside")], "layer 2 (heaviside): wanted no layer that is trained");
        Refused([new DenseOptions(4, "relu"), new EmbeddingOptions(2, 3)], "layer 2 (embedding 2): wanted no layer that is trained below it");
        NetworkLearner asked = Learner([new DenseOptions(4, "heaviside") { Frozen = true }]);      // random features, of which the output layer learns
        asked.GradientLayers.ShouldBe(["layer 2 (dense 3)"]);

        static void Refused(LayerSpec[] layers, string text) => Should.Throw<BadInputException>(() => Learner(layers)).Message.ShouldContain(text);
    }

    [Theory]
    [InlineData("dense: 12, activation: none", 20, 12, 1.0)]
    [InlineData("dense: 30, activation: tanh", 20, 30, 1.0)]
    [InlineData("dense: 20, activation: relu", 20, 20, 1.4142135)]
    public void Orthogonal_weights_stretch_every_direction_alike(string layer, int inputs, int units, double gain)
    {
        float[] weights = Weights($"{layer}, initializer: orthogonal", inputs);
        bool tall = units <= inputs;
        int count = Math.Min(inputs, units), length = Math.Max(inputs, units);
        for (int a = 0; a < count; a++)
            for (int b = 0; b < count; b++)
            {
                double dot = Enumerable.Range(0, length).Sum(k => (double)(tall ? weights[(k * units) + a] * weights[(k * units) + b] : weights[(a * units) + k] * weights[(b * units) + k]));
                dot.ShouldBe(a == b ? gain * gain : 0, 2e-6);
            }
    }

    [Fact]
    public void The_filters_of_a_convolution_may_start_orthogonal_and_a_named_start_is_taken_whatever_the_activation()
    {
        JobSpec job = Job("{ reshape: [ 4, 4, 2 ] }, { conv: 6, size: 3, activation: none, initializer: orthogonal }, { flatten: true }");
        float[] filters = SomeNetwork.Start(NetworkLearner.Create(job, SomeNetwork.Shape(32, 3), 0)).Floats[..(18 * 6)].ToArray();
        for (int a = 0; a < 6; a++)
            for (int b = 0; b < 6; b++)
                Enumerable.Range(0, 18).Sum(k => (double)filters[(k * 6) + a] * filters[(k * 6) + b]).ShouldBe(a == b ? 1 : 0, 2e-6);

        Weights("dense: 50, activation: relu, initializer: glorot", 20).ShouldBe(Weights("dense: 50, activation: tanh", 20));
        Weights("dense: 50, activation: tanh, initializer: he", 20).ShouldBe(Weights("dense: 50, activation: relu", 20));
        Job("{ dense: 5, initializer: orthogonal }, { embedding: 3, tokens: 9 }, { activate: softmax }").Text.ShouldContain(
            "{ dense: 5, activation: relu, initializer: orthogonal }, { embedding: 3, tokens: 9 }, { activate: softmax }");
    }

    private static NetworkLearner Learner(LayerSpec[] layers) => NetworkLearner.Create(SomeNetwork.Job(layers: layers), SomeNetwork.Shape(6, 3), 0);

    private static JobSpec Job(string layers) =>
        JobFile.Parse($"data: {{ source: rows.csv }}\nmodel: {{ kind: mlp, layers: [ {layers} ] }}\n", "job.yaml", "/");

    private static float[] Weights(string layer, int inputs)
    {
        NetworkLearner learner = NetworkLearner.Create(Job($"{{ {layer} }}"), SomeNetwork.Shape(inputs, 3), 0);
        return SomeNetwork.Start(learner).Floats[..learner.Model.Layout.Blocks[0].WeightCount].ToArray();
    }

    private static float[] TokensOf() => [.. Enumerable.Range(0, Rows * Places).Select(i => (float)(((3 * i * i) + i) % Tokens))];
}
