using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Nn.Language;

namespace Cluster.Ml.Tests.Nn;

public sealed class RecurrentLayerTests
{
    private const int Rows = 3, Time = 4, Inputs = 3, Units = 5;

    /// <summary>One pass forward and back, with the gradient of Σ wave · output.</summary>
    private static (float[] Output, float[] InputGradient, float[] Gradient) Pass(RecurrentLayer layer, float[] x, float[] parameters)
    {
        float[] output = new float[Rows * layer.Outputs], inputGradient = new float[x.Length], gradient = new float[parameters.Length];
        LayerPass pass = new()
        {
            Rows = Rows,
            Input = x,
            Output = output,
            Parameters = parameters,
            Kept = new float[Rows * layer.KeptPerRow],
            OutputGradient = GoldenNn.Wave(output.Length, 0.9),
            InputGradient = inputGradient,
            Workspace = new GemmWorkspace(),
        };
        layer.Forward(pass);
        layer.BackwardInput(pass);
        layer.BackwardParameters(pass, [1, Rows], gradient);
        return (output, inputGradient, gradient);
    }

    [Theory]
    [InlineData("lstm", false)]
    [InlineData("lstm", true)]
    [InlineData("rnn", false)]
    [InlineData("rnn", true)]
    public void Backward_agrees_with_central_differences_in_double_precision(string cell, bool all)
    {
        RecurrentLayer layer = new(TensorShape.Of(Time * Inputs), cell, Units, Time, all);
        float[] x = GoldenNn.Wave(Rows * Time * Inputs, 1.1), w = GoldenNn.Wave(layer.ParameterCount, 2.3, 0.6), weights = GoldenNn.Wave(Rows * layer.Outputs, 0.9);
        (float[] output, float[] inputGradient, float[] gradient) = Pass(layer, x, w);
        ReferenceLanguage reference = new(new LanguageSpec(cell, Inputs, Units, 1, Time, "uniform"), 1);
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
}
