using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Activations;

/// <summary>Applies an activation's formulas to whole spans.</summary>
internal sealed unsafe class ActivationOf<TFunction>(string name, string meaning) : Activation(name, meaning)
    where TFunction : struct, IActivationFunction
{
    public override void Forward(Span<float> y, ReadOnlySpan<float> bias) => Forward(y, bias, LaneWidths.Widest);

    public override void Backward(ReadOnlySpan<float> y, Span<float> gradient) => Backward(y, gradient, LaneWidths.Widest);

    internal static void Forward(Span<float> y, ReadOnlySpan<float> bias, LaneWidth width)
    {
        fixed (float* values = y, b = bias)
            for (int row = 0; row < y.Length; row += bias.Length)
            {
                float* p = values + row;
                int done = width switch
                {
                    LaneWidth.Bits512 => ForwardRow<Lanes512<float>, Vector512<float>>(p, b, 0, bias.Length),
                    LaneWidth.Bits256 => ForwardRow<Lanes256<float>, Vector256<float>>(p, b, 0, bias.Length),
                    LaneWidth.Bits128 => ForwardRow<Lanes128<float>, Vector128<float>>(p, b, 0, bias.Length),
                    _ => 0,
                };
                ForwardRow<Lanes1<float>, float>(p, b, done, bias.Length);
            }
    }

    internal static void Backward(ReadOnlySpan<float> y, Span<float> gradient, LaneWidth width)
    {
        fixed (float* values = y, g = gradient)
        {
            int done = width switch
            {
                LaneWidth.Bits512 => BackwardSweep<Lanes512<float>, Vector512<float>>(values, g, 0, gradient.Length),
                LaneWidth.Bits256 => BackwardSweep<Lanes256<float>, Vector256<float>>(values, g, 0, gradient.Length),
                LaneWidth.Bits128 => BackwardSweep<Lanes128<float>, Vector128<float>>(values, g, 0, gradient.Length),
                _ => 0,
            };
            BackwardSweep<Lanes1<float>, float>(values, g, done, gradient.Length);
        }
    }

    private static int ForwardRow<TLanes, TVector>(float* y, float* bias, int start, int end)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
            TLanes.Store(y + i, TFunction.Forward<TLanes, TVector>(TLanes.Add(TLanes.Load(y + i), TLanes.Load(bias + i))));
        return i;
    }

    private static int BackwardSweep<TLanes, TVector>(float* y, float* gradient, int start, int end)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
            TLanes.Store(gradient + i, TFunction.Backward<TLanes, TVector>(TLanes.Load(y + i), TLanes.Load(gradient + i)));
        return i;
    }
}
