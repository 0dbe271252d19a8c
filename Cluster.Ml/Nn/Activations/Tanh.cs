using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Functions;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Activations;

/// <summary>The hyperbolic tangent.</summary>
/// <remarks>
/// Equation  y = tanh x
/// Gradient  1 − y²
/// Source    LeCun, Bottou, Orr, Müller, "Efficient BackProp" (1998), § 4.4; Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.3.2
/// </remarks>
internal readonly struct Tanh : IActivationFunction
{
    public static readonly Activation Declared = new ActivationOf<Tanh>("tanh", "the hyperbolic tangent") { Onnx = (graph, x) => graph.Add("Tanh", [x]) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => HyperbolicTangentFloat.Apply<TLanes, TVector>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Backward<TLanes, TVector>(TVector y, TVector gradient)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => TLanes.Multiply(gradient, TLanes.Subtract(TLanes.Broadcast(1f), TLanes.Multiply(y, y)));
}
