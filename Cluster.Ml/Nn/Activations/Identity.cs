using System.Runtime.CompilerServices;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Activations;

/// <summary>No activation.</summary>
/// <remarks>
/// Equation  y = x
/// Gradient  1
/// Source    Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.2.2.1
/// </remarks>
internal readonly struct Identity : IActivationFunction
{
    public static readonly Activation Declared = new ActivationOf<Identity>("none", "no activation") { IsIdentity = true, Onnx = (_, x) => x };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Forward<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Backward<TLanes, TVector>(TVector y, TVector gradient)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged => gradient;
}
