using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Text.LanguageModel;
using Cluster.Ml.Text.LanguageModel;

namespace Cluster.Ml.Tests.Nn.Layers;

public sealed class RecurrentLayerTests
{
    private const int Rows = 3, Time = 4, Inputs = 3, Units = 5;

    [Theory]
    [InlineData("lstm", false)]
    [InlineData("lstm", true)]
    [InlineData("rnn", false)]
    [InlineData("rnn", true)]
    public void Backward_agrees_with_central_differences_in_double_precision(string cell, bool all)
    {
        RecurrentLayer layer = Layer(cell, all);
        float[] x = GoldenNn.Wave(Rows * Time * Inputs, 1.1), w = GoldenNn.Wave(layer.ParameterCount, 2.3, 0.6), weights = GoldenNn.Wave(Rows * layer.Outputs, 0.9);
        (float[] output, float[] inputGradient, float[] gradient) = LayerRun.Of(layer, x, w);
        ReferenceLanguage reference = new(new LanguageOptions { Cell = cell, Embedding = Inputs, Units = Units, Depth = 1, Window = Time }, 1);
        double[] exactX = Array.ConvertAll(x, v => (double)v), exactW = Array.ConvertAll(w, v => (double)v);

        double[] Outputs()
        {
            List<double> outputs = [];
            for (int row = 0; row < Rows; row++)
            {
                double[] carried = new double[2 * Units];
                for (int t = 0; t < Time; t++)
                {
                    int at = ((row * Time) + t) * Inputs;
                    double[] h = reference.Step(exactW, 0, exactX[at..(at + Inputs)], carried, 0);
                    if (all || t == Time - 1) outputs.AddRange(h);
                }
            }
            return [.. outputs];
        }
        double Slope(double[] numbers, int i)
        {
            const double h = 1e-5;
            double was = numbers[i];
            numbers[i] = was + h;
            double up = Outputs().Zip(weights, (y, c) => y * c).Sum();
            numbers[i] = was - h;
            double down = Outputs().Zip(weights, (y, c) => y * c).Sum();
            numbers[i] = was;
            return (up - down) / (2 * h);
        }

        double[] expected = Outputs();
        for (int i = 0; i < output.Length; i++) ((double)output[i]).ShouldBe(expected[i], 1e-6);
        for (int i = 0; i < w.Length; i++) ((double)gradient[i]).ShouldBe(Slope(exactW, i), 5e-6, $"parameter {i}");
        for (int i = 0; i < x.Length; i++) ((double)inputGradient[i]).ShouldBe(Slope(exactX, i), 5e-6, $"input {i}");
    }

    [Theory]
    [InlineData("lstm", false)]
    [InlineData("lstm", true)]
    [InlineData("rnn", false)]
    [InlineData("rnn", true)]
    public void Values_and_gradients_are_those_of_pytorch(string cell, bool all)
    {
        GoldenLayer golden = GoldenLayer.Of("layers", $"{cell} {(all ? "all" : "last")}");
        RecurrentLayer layer = Layer(cell, all);
        LayerRun run = LayerRun.Of(layer, GoldenNn.Wave(Rows * Time * Inputs, 1.1), GoldenNn.Wave(layer.ParameterCount, 2.3, 0.6));
        run.Output.ShouldBeNear(golden.Output, 3e-7);
        run.InputGradient.ShouldBeNear(golden.InputGradient, 1e-6, "input");
        run.Gradient.ShouldBeNear(golden.Gradient, 2e-6, "parameter");
    }

    [Theory]
    [InlineData("lstm", false)]
    [InlineData("lstm", true)]
    [InlineData("rnn", false)]
    [InlineData("rnn", true)]
    public void Rows_in_another_order_give_the_same_bits_in_that_order(string cell, bool all)
    {
        RecurrentLayer layer = Layer(cell, all);
        float[] x = GoldenNn.Wave(Rows * Time * Inputs, 1.1), w = GoldenNn.Wave(layer.ParameterCount, 2.3, 0.6), dy = GoldenNn.Wave(Rows * layer.Outputs, 0.9);
        LayerRun run = LayerRun.Of(layer, x, w, outputGradient: [.. dy]);
        foreach (int[] order in new int[][] { [2, 0, 1], [1], [0, 0, 1, 2, 2] })
        {
            LayerRun other = LayerRun.Of(layer, Ordered(x, order), w, outputGradient: Ordered(dy, order));
            other.Output.ShouldBe(Ordered(run.Output, order));
            other.InputGradient.ShouldBe(Ordered(run.InputGradient, order));
        }
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("rnn")]
    public void What_comes_later_changes_nothing_that_was_said_before(string cell)
    {
        RecurrentLayer whole = Layer(cell, all: true);
        float[] x = GoldenNn.Wave(Rows * Time * Inputs, 1.1), w = GoldenNn.Wave(whole.ParameterCount, 2.3, 0.6), y = LayerRun.Of(whole, x, w).Output;
        for (int time = 1; time <= Time; time++)
        {
            float[] begun = [.. x.Chunk(Time * Inputs).SelectMany(row => row[..(time * Inputs)])];
            float[] all = LayerRun.Of(new RecurrentLayer(TensorShape.Of(time, Inputs), cell, Units, 0, true), begun, w).Output;
            float[] last = LayerRun.Of(new RecurrentLayer(TensorShape.Of(time, Inputs), cell, Units, 0, false), begun, w).Output;
            all.ShouldBe([.. y.Chunk(Time * Units).SelectMany(row => row[..(time * Units)])]);
            last.ShouldBe([.. y.Chunk(Time * Units).SelectMany(row => row[((time - 1) * Units)..(time * Units)])]);
        }
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("rnn")]
    public void Cells_that_are_driven_to_their_limits_stay_within_them_and_pass_nothing_back(string cell)
    {
        RecurrentLayer layer = Layer(cell, all: true);
        float[] x = [.. Enumerable.Repeat(1e30f, Rows * Time * Inputs)], w = GoldenNn.Wave(layer.ParameterCount, 2.3, 0.6);
        LayerRun run = LayerRun.Of(layer, x, w);
        run.Output.ShouldAllBe(h => Math.Abs(h) <= 1);
        run.InputGradient.ShouldAllBe(slope => slope == 0);
        run.Gradient.ShouldAllBe(slope => slope == 0);
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("rnn")]
    public void What_is_not_a_number_stays_in_its_row_from_its_moment_on(string cell)
    {
        RecurrentLayer layer = Layer(cell, all: true);
        float[] x = GoldenNn.Wave(Rows * Time * Inputs, 1.1), w = GoldenNn.Wave(layer.ParameterCount, 2.3, 0.6), sound = LayerRun.Of(layer, x, w).Output;
        x[(Time * Inputs) + (2 * Inputs)] = float.NaN;      // the third moment of the second row
        float[] y = LayerRun.Of(layer, x, w).Output;
        for (int i = 0; i < y.Length; i++)
        {
            bool reached = i >= (Time * Units) + (2 * Units) && i < 2 * Time * Units;
            if (reached) float.IsNaN(y[i]).ShouldBeTrue($"number {i}");
            else y[i].ShouldBe(sound[i], $"number {i}");
        }
    }

    [Fact]
    public void Rows_that_cannot_be_cut_into_moments_are_refused()
    {
        Should.Throw<ArgumentException>(() => new RecurrentLayer(TensorShape.Of(10), "lstm", 4, 3, false)).Message.ShouldContain("10");
        Should.Throw<ArgumentException>(() => new RecurrentLayer(TensorShape.Of(10), "lstm", 4, 0, false)).Message.ShouldContain("time");
        new RecurrentLayer(TensorShape.Of(5, 2), "rnn", 4, 0, true).OutputShape.ShouldBe(TensorShape.Of(5, 4));
    }

    [Theory]
    [InlineData("[{ lstm: 32, time: 8 }]")]
    [InlineData("[{ rnn: 32, time: 8, output: all }, { rnn: 32 }]")]
    public void Digits_are_told_row_by_row(string layers)
    {
        JobSpec job = JobFile.Parse(
            $"data: {{ source: '{RepositoryFiles.Example("digits.csv")}', scale: minmax, split: {{ train: 0.8, validation: 0.2 }} }}\n"
            + $"model: {{ kind: mlp, layers: {layers} }}\ntraining: {{ epochs: 25, optimizer: {{ adam: {{ rate: 0.005 }} }}, clip-norm: 5 }}",
            "job.yaml", "/");
        JobFile.Parse(job.Text, "job.yaml", "/").ShouldBe(job);
        SequentialTrainer.Train(job, PreparedData.Load(job, NumberKind.Float32)).Validation["accuracy"]!.Value.ShouldBeGreaterThan(0.93);
    }

    private static RecurrentLayer Layer(string cell, bool all) => new(TensorShape.Of(Time * Inputs), cell, Units, Time, all);

    private static float[] Ordered(float[] rows, int[] order)
    {
        float[][] all = [.. rows.Chunk(rows.Length / Rows)];
        return [.. order.SelectMany(row => all[row])];
    }
}
