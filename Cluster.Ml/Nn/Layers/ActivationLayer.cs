using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Jobs;
using Cluster.Ml.Jobs.Keys;
using Cluster.Ml.Nn.Activations;

namespace Cluster.Ml.Nn.Layers;

/// <summary>What a job says about an activation on its own.</summary>
/// <param name="Activation">Its name.</param>
public sealed record ActivationOptions(string Activation) : LayerSpec
{
    internal static readonly NamedChoice Declared = new("activate", "an activation on its own", new KeySet<ActivationOptions>(new(Relu.Declared.Name))
        .Word("activate", "The activation.", o => o.Activation, (o, value) => o with { Activation = value }, [.. ActivationRegistry.Alone, Softmax.ActivationName])
        .Required(Relu.Declared.Name));

    /// <inheritdoc/>
    public override string Kind => Declared.Name;

    internal override bool? SeesImages => null;

    internal override Layer Create(TensorShape input) =>
        Activation == Softmax.ActivationName ? new Softmax(input) : new ActivationLayer(input, ActivationRegistry.Of(Activation));
}

/// <summary>An activation on its own, as after a sum of branches.</summary>
/// <remarks>
/// Equation  y = f(x)
/// Shapes    x [N, …] → y [N, …]
/// Gradient  ∂L/∂x = ∂L/∂y ⊙ f′
/// Source    Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.3; on its own before the weights of a block:
///           He, Zhang, Ren, Sun, "Identity Mappings in Deep Residual Networks", ECCV 2016, § 4.1
/// </remarks>
internal sealed class ActivationLayer(TensorShape shape, Activation activation) : Layer(shape, shape)
{
    private readonly float[] _noBias = new float[shape.Last];

    public override string Name => activation.Name;

    public override bool ReadsInputBackward => false;

    public override bool PropagatesGradient => activation.IsDifferentiable;

    public override string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters) => activation.Onnx(graph, input);

    public override void Forward(in LayerPass pass)
    {
        pass.Input.CopyTo(pass.Output);
        activation.Forward(pass.Output, _noBias);
    }

    public override void BackwardInput(in LayerPass pass)
    {
        if (pass.InputGradient.IsEmpty) return;
        pass.OutputGradient.CopyTo(pass.InputGradient);
        activation.Backward(pass.Output, pass.InputGradient);
    }
}
