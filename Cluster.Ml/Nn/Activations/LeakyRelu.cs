using System.Runtime.CompilerServices;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Activations;

/// <summary>A rectifier that lets a hundredth of negative inputs through.</summary>
/// <remarks>
/// Equation  y = x if x ≥ 0, else 0.01·x
/// Gradient  1 if y ≥ 0, else 0.01
/// Source    Maas, Hannun, Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models" (2013); slope as in PyTorch
/// </remarks>
internal readonly struct LeakyRelu : IActivationFunction
{
    public static readonly Activation Declared =
        new ActivationOf<LeakyRelu>("leaky-relu", "x where x is not negative, else 0.01·x")
        {
            Rectifies = true,
            Onnx = (graph, x) => graph.Add("LeakyRelu", [x], OnnxAttribute.Of("alpha", 0.01f)),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(0f)), TLanes.Multiply(x, TLanes.Broadcast(0.01f)), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Backward<TLanes, TVector>(TVector y, TVector gradient)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => TLanes.Select(TLanes.LessThan(y, TLanes.Broadcast(0f)), TLanes.Multiply(gradient, TLanes.Broadcast(0.01f)), gradient);
}
