using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Activations;

/// <summary>The rectifier.</summary>
/// <remarks>
/// Equation  y = max(x, 0)
/// Gradient  1 if y &gt; 0, else 0; at x = 0 it is 0
/// Range     NaN stays NaN
/// Source    Glorot, Bordes, Bengio, "Deep Sparse Rectifier Neural Networks", AISTATS 2011, § 3.1;
///           Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.3, for the slope at 0
/// </remarks>
internal readonly struct Relu : IActivationFunction
{
    public static readonly Activation Declared = new ActivationOf<Relu>("relu", "max(x, 0)") { Rectifies = true, Onnx = (graph, x) => graph.Add("Relu", [x]) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => TLanes.Select(TLanes.LessThan(x, TLanes.Broadcast(0f)), TLanes.Broadcast(0f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Backward<TLanes, TVector>(TVector y, TVector gradient)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => TLanes.And(TLanes.LessThan(TLanes.Broadcast(0f), y), gradient);
}
