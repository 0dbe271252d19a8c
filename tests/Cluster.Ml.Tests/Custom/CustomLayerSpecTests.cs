using Cluster.Ml.Custom;
using Cluster.Ml.Nn;
using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Custom;

/// <summary>A layer that a program wrote row by row, as the library runs it.</summary>
public sealed class CustomLayerSpecTests
{
    private const int Inputs = 3, Rows = 5;
    private static readonly float[] s_input = [.. Enumerable.Range(0, Rows * Inputs).Select(i => (i * 7 % 11) / 3f)];
    private static readonly float[] s_outputGradient = [.. Enumerable.Range(0, Rows * Inputs).Select(i => (i * 5 % 13) / 7f)];
    private readonly Layer _layer = new CustomLayerSpec("product", 1, (inputs, _) => new ProductLayer(inputs)).Create(TensorShape.Of(Inputs));
    private readonly float[] _weights = new float[Inputs], _output = new float[Rows * Inputs], _inputGradient = new float[Rows * Inputs];

    public CustomLayerSpecTests() => _layer.Initialize(_weights, seed: 7, layer: 2);

    [Fact]
    public void Rows_go_forward_and_back_one_by_one()
    {
        Pass(out _);

        for (int i = 0; i < _output.Length; i++)
        {
            _output[i].ShouldBe(s_input[i] * _weights[i % Inputs]);
            _inputGradient[i].ShouldBe(s_outputGradient[i] * _weights[i % Inputs]);
        }
    }

    /// <summary>Each micro-batch in row order, these as the fixed tree: ((0) + (1)) + ((2) + (3)), of which one has no rows.</summary>
    [Fact]
    public void The_gradient_of_micro_batches_is_summed_as_the_tree()
    {
        Pass(out float[] gradient);

        for (int i = 0; i < Inputs; i++)
        {
            float Of(int row) => s_outputGradient[(row * Inputs) + i] * s_input[(row * Inputs) + i];
            gradient[i].ShouldBe((Of(0) + Of(1) + 0f) + (Of(2) + (Of(3) + Of(4))));
        }
    }

    [Fact]
    public void The_start_is_keyed_by_seed_and_layer()
    {
        float[] again = new float[Inputs], other = new float[Inputs];
        _layer.Initialize(again, seed: 7, layer: 2);
        _layer.Initialize(other, seed: 7, layer: 3);

        again.ShouldBe(_weights);
        other.ShouldNotBe(_weights);
    }

    [Fact]
    public void A_layer_of_other_inputs_is_refused() =>
        Should.Throw<ArgumentException>(() => new CustomLayerSpec("product", 1, (_, _) => new ProductLayer(2)).Create(TensorShape.Of(Inputs))).Message.ShouldContain("3 inputs");

    private void Pass(out float[] gradient)
    {
        gradient = new float[Inputs];
        LayerPass pass = new()
        {
            Rows = Rows,
            Input = s_input,
            Output = _output,
            Parameters = _weights,
            OutputGradient = s_outputGradient.ToArray(),
            InputGradient = _inputGradient,
            Workspace = new GemmWorkspace(),
        };
        _layer.Forward(pass);
        _layer.BackwardInput(pass);
        _layer.BackwardParameters(pass, [2, 2, 3, 5], gradient);
    }
}
