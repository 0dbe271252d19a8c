using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Functions;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Activations;

/// <summary>The logistic function.</summary>
/// <remarks>
/// Equation  y = 1 / (1 + e⁻ˣ)
/// Gradient  y·(1 − y)
/// Source    Rumelhart, Hinton, Williams, "Learning Representations by Back-Propagating Errors", Nature 323 (1986), eq. 2;
///           Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.3.2
/// </remarks>
internal readonly struct Sigmoid : IActivationFunction
{
    public static readonly Activation Declared = new ActivationOf<Sigmoid>("sigmoid", "1 / (1 + e⁻ˣ)") { Onnx = (graph, x) => graph.Add("Sigmoid", [x]) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => LogisticSigmoidFloat.Apply<TLanes, TVector>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Backward<TLanes, TVector>(TVector y, TVector gradient)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => TLanes.Multiply(gradient, TLanes.Multiply(y, TLanes.Subtract(TLanes.Broadcast(1f), y)));
}
