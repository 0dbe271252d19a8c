using System.Runtime.Intrinsics;
using Cluster.Ml.Numerics.Functions;
using Cluster.Ml.Numerics.Lanes;

namespace Cluster.Ml.Numerics;

/// <summary>Elementary functions of whole spans that give the same bits on every processor and at every vector width.</summary>
/// <remarks>
/// Range     every function is defined for every number, with IEEE infinities and NaN; see each for its error
/// Cost      one pass; source and target may be the same span
/// Differs   from MathF and TensorPrimitives, whose results may change with the processor, the width or the runtime
/// </remarks>
public static class StableMath
{
    /// <summary>y[i] = e^x[i]; relative error at most 1.2·10⁻⁷ (2 units in the last place) where the result is a normal number.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Exp(ReadOnlySpan<float> x, Span<float> y) => Map.Run<ExponentialFloat, float>(x, y);

    /// <summary>y[i] = e^x[i]; relative error at most 4.5·10⁻¹⁶ where the result is a normal number.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Exp(ReadOnlySpan<double> x, Span<double> y) => Map.Run<ExponentialDouble, double>(x, y);

    /// <summary>e^x; see the span overload.</summary>
    public static double Exp(double x) => Map.One<ExponentialDouble, double>(x);

    /// <summary>e^x; see the span overload.</summary>
    public static float Exp(float x) => Map.One<ExponentialFloat, float>(x);

    /// <summary>y[i] = ln x[i]; relative error at most 1.2·10⁻⁷; 0 gives −∞ and a negative number NaN.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Log(ReadOnlySpan<float> x, Span<float> y) => Map.Run<LogarithmFloat, float>(x, y);

    /// <summary>y[i] = ln x[i]; relative error at most 4.5·10⁻¹⁶; 0 gives −∞ and a negative number NaN.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Log(ReadOnlySpan<double> x, Span<double> y) => Map.Run<LogarithmDouble, double>(x, y);

    /// <summary>ln x; see the span overload.</summary>
    public static double Log(double x) => Map.One<LogarithmDouble, double>(x);

    /// <summary>ln x; see the span overload.</summary>
    public static float Log(float x) => Map.One<LogarithmFloat, float>(x);

    /// <summary>y[i] = tanh x[i]; relative error at most 2.4·10⁻⁷.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => Map.Run<HyperbolicTangentFloat, float>(x, y);

    /// <summary>y[i] = 1 / (1 + e^−x[i]); relative error at most 2.4·10⁻⁷ where the result is a normal number.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => Map.Run<LogisticSigmoidFloat, float>(x, y);

    /// <summary>y[i] = 1 / (1 + e^−x[i]); relative error at most 9·10⁻¹⁶ where the result is a normal number.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Sigmoid(ReadOnlySpan<double> x, Span<double> y) => Map.Run<LogisticSigmoidDouble, double>(x, y);

    /// <summary>1 / (1 + e^−x); see the span overload.</summary>
    public static double Sigmoid(double x) => Map.One<LogisticSigmoidDouble, double>(x);

    /// <summary>sine[i] = sin 2πu[i] and cosine[i] = cos 2πu[i] of turns |u| ≤ 2²⁰; absolute error at most 1.5·10⁻⁷.</summary>
    /// <exception cref="ArgumentException">A target is shorter than the source.</exception>
    public static void SinCosTurns(ReadOnlySpan<float> u, Span<float> sine, Span<float> cosine) =>
        SinCosTurns(u, sine, cosine, LaneWidths.Widest);

    /// <summary>sin 2πu and cos 2πu of a turn |u| ≤ 2⁴⁹; absolute error at most 4·10⁻¹⁶.</summary>
    public static (double Sine, double Cosine) SinCosTurns(double u) => SineCosineDouble.Turns<Lanes1<double>, double>(u);

    internal static unsafe void SinCosTurns(ReadOnlySpan<float> u, Span<float> sine, Span<float> cosine, LaneWidth width)
    {
        if (sine.Length < u.Length || cosine.Length < u.Length)
            throw new ArgumentException($"StableMath.SinCosTurns: wanted room for {u.Length} numbers, got {sine.Length} and {cosine.Length}.", nameof(sine));
        fixed (float* source = u, s = sine, c = cosine)
        {
            int done = width switch
            {
                LaneWidth.Bits512 => SweepSinCos<Lanes512<float>, Vector512<float>>(source, s, c, 0, u.Length),
                LaneWidth.Bits256 => SweepSinCos<Lanes256<float>, Vector256<float>>(source, s, c, 0, u.Length),
                LaneWidth.Bits128 => SweepSinCos<Lanes128<float>, Vector128<float>>(source, s, c, 0, u.Length),
                _ => 0,
            };
            SweepSinCos<Lanes1<float>, float>(source, s, c, done, u.Length);
        }
    }

    private static unsafe int SweepSinCos<TLanes, TVector>(float* u, float* sine, float* cosine, int start, int end)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : unmanaged
    {
        int i = start;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            (TVector s, TVector c) = SineCosineFloat.Turns<TLanes, TVector>(TLanes.Load(u + i));
            TLanes.Store(sine + i, s);
            TLanes.Store(cosine + i, c);
        }
        return i;
    }
}
