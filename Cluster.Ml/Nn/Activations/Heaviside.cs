using System.Runtime.CompilerServices;
using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Activations;

/// <summary>The step of the first perceptrons: nothing, or one.</summary>
/// <remarks>
/// Equation  y = 1 if x &gt; 0, else 0
/// Gradient  0 wherever there is one: nothing at it or below it can be trained, which a network refuses
/// Range     NaN stays NaN
/// Source    Rosenblatt, "The perceptron" (1958)
/// </remarks>
internal readonly struct Heaviside : IActivationFunction
{
    public static readonly Activation Declared =
        new ActivationOf<Heaviside>("heaviside", "1 where x is above 0, else 0; it has no slope, so that nothing below it learns")
        {
            IsDifferentiable = false,
            Onnx = (graph, x) => graph.Cast(graph.Add("Greater", [x, graph.Constant(OnnxTensor.Of([0f]))]), OnnxType.Float),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        TVector notAbove = TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(float.Epsilon)), TLanes.Broadcast(0f), x);
        return TLanes.Select(TLanes.LessThan(TLanes.Broadcast(0f), x), TLanes.Broadcast(1f), notAbove);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Backward<TLanes, TVector>(TVector y, TVector gradient)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => TLanes.Broadcast(0f);
}
