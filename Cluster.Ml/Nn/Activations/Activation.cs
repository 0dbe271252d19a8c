using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Nn.Activations;

/// <summary>A function of one number whose slope can be told from its value, applied in place.</summary>
internal abstract class Activation
{
    /// <summary>What the job file calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it has a slope, without which nothing below it learns.</summary>
    public bool IsDifferentiable => Name != "heaviside";

    /// <summary>y[i, j] ← f(y[i, j] + bias[j]) for all whole rows of y.</summary>
    public abstract void Forward(Span<float> y, ReadOnlySpan<float> bias);

    /// <summary>gradient[i] ← gradient[i]·f′, where y[i] is the value that f gave.</summary>
    public abstract void Backward(ReadOnlySpan<float> y, Span<float> gradient);

    /// <summary>The activation of this name: relu, leaky-relu, tanh, sigmoid, heaviside or none.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static Activation Named(string name) => name switch
    {
        "relu" => new ActivationOf<Relu>("relu"),
        "leaky-relu" => new ActivationOf<LeakyRelu>("leaky-relu"),
        "tanh" => new ActivationOf<Tanh>("tanh"),
        "sigmoid" => new ActivationOf<Sigmoid>("sigmoid"),
        "heaviside" => new ActivationOf<Heaviside>("heaviside"),
        "none" => new ActivationOf<Identity>("none"),
        _ => throw new ArgumentException($"Activation: wanted relu, leaky-relu, tanh, sigmoid, heaviside or none, got {name}.", nameof(name)),
    };
}

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

/// <summary>Applies an activation's formulas to whole spans.</summary>
internal sealed unsafe class ActivationOf<TFunction>(string name) : Activation
    where TFunction : struct, IActivationFunction
{
    public override string Name => name;

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
