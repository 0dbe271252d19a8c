using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Tests.Nn;

/// <summary>Layers that draw numbers for each row: dropout, noise, the sample of a code, and what a generator starts from.</summary>
public sealed class DrawingLayerTests
{
    private const int Units = 37;

    private static readonly int[] s_examples = [3, 1, 70];

    public static TheoryData<string, double> Layers => new() { { "dropout 0.3", 1 }, { "dropout 0.5", 1 }, { "noise 0.25", 1 }, { "sample 1.0", 1 }, { "sample 6.0", 6 }, { "source", 1 } };

    /// <summary>The program draws the numbers by a generator of its own, so that the draws are compared, too.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void Values_and_gradients_are_those_of_pytorch_under_the_same_draws(string name, double size)
    {
        GoldenLayer golden = GoldenLayer.Of("draws", name);
        Layer layer = Named(name);
        LayerRun run = LayerRun.Of(layer, GoldenNn.Wave(s_examples.Length * layer.Inputs, 1.1, size), random: SomeRandom.For(s_examples));

        double scale = Math.Exp(size / 2);      // of the largest deviation: errors are of single precision, relative to it
        run.Output.ShouldBeNear(golden.Output, 1e-6 * scale, name);
        run.InputGradient.ShouldBeNear(golden.InputGradient, 1e-6 * scale, $"gradient of {name}");
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_row_has_the_same_bits_wherever_it_is_among_others(string name, double size)
    {
        Layer layer = Named(name);
        float[] x = GoldenNn.Wave(s_examples.Length * layer.Inputs, 1.1, size), dy = GoldenNn.Wave(s_examples.Length * layer.Outputs, 0.9);
        LayerRun forth = LayerRun.Of(layer, x, random: SomeRandom.For(s_examples), outputGradient: dy);

        LayerRun back = LayerRun.Of(
            layer, Reversed(x, layer.Inputs), random: SomeRandom.For([.. s_examples.Reverse()]), outputGradient: Reversed(dy, layer.Outputs));

        back.Output.ShouldBe(Reversed(forth.Output, layer.Outputs));
        back.InputGradient.ShouldBe(Reversed(forth.InputGradient, layer.Inputs));
        forth.Output[..layer.Outputs].ShouldNotBe(forth.Output[layer.Outputs..(2 * layer.Outputs)]);
    }

    [Fact]
    public void A_code_moves_with_its_mean_and_spreads_with_its_deviation()
    {
        GaussianSample layer = new(TensorShape.Of(2 * Units));
        float[] means = [.. Enumerable.Repeat(8f, Units)], narrow = new float[Units], wide = [.. Enumerable.Repeat((float)Math.Log(16), Units)];
        float[] z = Drawn(new float[Units], narrow), moved = Drawn(means, narrow), spread = Drawn(new float[Units], wide);

        moved.ShouldBeNear([.. z.Select(number => 8.0 + number)], 1e-6);
        spread.ShouldBeNear([.. z.Select(number => 4.0 * number)], 4e-6);
        z.ShouldBe(LayerRun.Of(new GaussianSource(TensorShape.Of(1), Units), [0], random: SomeRandom.For([9])).Output);

        float[] Drawn(float[] mean, float[] logVariance) => LayerRun.Of(layer, [.. mean, .. logVariance], random: SomeRandom.For([9])).Output;
    }

    [Fact]
    public void Noise_of_twice_the_deviation_is_twice_the_noise()
    {
        float[] zeros = new float[Units];
        float[] once = LayerRun.Of(Named("noise 0.25"), zeros, random: SomeRandom.For([9])).Output, twice = LayerRun.Of(Named("noise 0.5"), zeros, random: SomeRandom.For([9])).Output;
        twice.ShouldBe([.. once.Select(number => 2 * number)]);
    }

    [Fact]
    public void Only_asked_nothing_is_drawn_and_gradients_are_those_of_what_was_given()
    {
        float[] x = GoldenNn.Wave(2 * Units, 1.1), dy = GoldenNn.Wave(2 * Units, 0.9);
        foreach (string name in new[] { "noise 0.25", "dropout 0.3" })
        {
            LayerRun same = LayerRun.Of(Named(name), x);
            same.Output.ShouldBe(x, name);
            same.InputGradient.ShouldBe(dy, name);
        }

        LayerRun code = LayerRun.Of(Named("sample 1.0"), x);
        code.Output.ShouldBe(x[..Units]);
        code.InputGradient.ShouldBe([.. dy[..Units], .. new float[Units]]);
        LayerRun.Of(Named("source"), new float[5]).Output.ShouldAllBe(number => number == 0);
    }

    [Fact]
    public void While_a_model_is_measured_codes_are_drawn_anew_and_nothing_is_disturbed()
    {
        float[] x = GoldenNn.Wave(2 * Units, 1.1);
        foreach (string name in new[] { "noise 0.25", "dropout 0.3" }) LayerRun.Of(Named(name), x, random: SomeRandom.For([3, 1], training: false)).Output.ShouldBe(x, name);
        foreach (string name in new[] { "sample 1.0", "source" })
        {
            float[] row = x[..Named(name).Inputs];
            float[] learned = LayerRun.Of(Named(name), row, random: SomeRandom.For([3])).Output, measured = LayerRun.Of(Named(name), row, random: SomeRandom.For([3], training: false)).Output;
            measured.Zip(learned).Count(pair => pair.First == pair.Second).ShouldBe(0, name);
        }
    }

    [Fact]
    public void A_code_without_variance_is_its_mean_and_one_of_endless_variance_is_not_finite()
    {
        float[] means = [1, -2, 3, float.NaN], logVariances = [float.NegativeInfinity, -1e30f, 200, 0];
        LayerRun run = LayerRun.Of(new GaussianSample(TensorShape.Of(8)), [.. means, .. logVariances], random: SomeRandom.For([9]));

        run.Output[..2].ShouldBe([1, -2]);
        float.IsInfinity(run.Output[2]).ShouldBeTrue("a deviation of e^100 is beyond single precision, and is not replaced");
        float.IsNaN(run.Output[3]).ShouldBeTrue();
        run.InputGradient[4..6].ShouldBe([0, 0]);
        float.IsInfinity(run.InputGradient[6]).ShouldBeTrue();
    }

    [Fact]
    public void Noise_keeps_what_is_not_finite_and_a_generators_start_does_not_look_at_it()
    {
        float[] x = [float.PositiveInfinity, float.NegativeInfinity, float.NaN, 0, 1];
        LayerRun noisy = LayerRun.Of(new GaussianNoise(TensorShape.Of(5), 0.25), x, random: SomeRandom.For([9]));
        noisy.Output[..3].ShouldBe(x[..3]);
        noisy.Output[3..].ShouldAllBe(number => float.IsFinite(number));
        LayerRun.Of(new GaussianNoise(TensorShape.Of(5), 0), x, random: SomeRandom.For([9])).Output.ShouldBe(x);

        LayerRun drawn = LayerRun.Of(Named("source"), x, random: SomeRandom.For([9]));
        drawn.Output.ShouldAllBe(number => float.IsFinite(number));
        drawn.InputGradient.ShouldAllBe(number => number == 0);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void No_rows_are_drawn_nothing_for(string name, double size)
    {
        size.ShouldBeGreaterThan(0);
        LayerRun.Of(Named(name), [], random: SomeRandom.For([])).Output.ShouldBeEmpty();
    }

    [Fact]
    public void A_single_unit_is_drawn_like_the_first_of_many()
    {
        float[] one = LayerRun.Of(new GaussianSource(TensorShape.Of(1), 1), [0], random: SomeRandom.For([9])).Output;
        one.ShouldBe(LayerRun.Of(new GaussianSource(TensorShape.Of(1), Units), [0], random: SomeRandom.For([9])).Output[..1]);
    }

    private static Layer Named(string name)
    {
        string[] words = name.Split(' ');
        double number = words.Length > 1 ? double.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture) : 0;
        return words[0] switch
        {
            "dropout" => new Dropout(TensorShape.Of(Units), number),
            "noise" => new GaussianNoise(TensorShape.Of(Units), number),
            "sample" => new GaussianSample(TensorShape.Of(2 * Units)),
            _ => new GaussianSource(TensorShape.Of(5), Units),
        };
    }

    private static float[] Reversed(float[] rows, int width) => [.. rows.Chunk(width).Reverse().SelectMany(row => row)];
}
