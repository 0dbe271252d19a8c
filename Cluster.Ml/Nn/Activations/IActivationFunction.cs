using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Activations;

/// <summary>The two formulas of an activation, written once for every vector width.</summary>
internal interface IActivationFunction
{
    /// <summary>f(x).</summary>
    static abstract TVector Forward<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged;

    /// <summary>gradient·f′, from y = f(x).</summary>
    static abstract TVector Backward<TLanes, TVector>(TVector y, TVector gradient)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged;
}
