using Cluster.Ml.Numerics.Functions;
using Cluster.Ml.Numerics.Simd;

namespace Cluster.Ml.Numerics;

/// <summary>Elementary functions of whole spans that give the same bits on every processor and at every vector width.</summary>
/// <remarks>
/// Range     every function is defined for every number, with IEEE infinities and NaN; see each for its error
/// Cost      one pass; source and target may be the same span
/// Differs   from MathF and TensorPrimitives, whose results may change with the processor, the width or the runtime
/// </remarks>
public static class StableMath
{
    /// <summary>y[i] = e^x[i]; relative error at most 1.2·10⁻⁷ (2 units in the last place) if the result is a normal number.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Exp(ReadOnlySpan<float> x, Span<float> y) => Map.Run<ExponentialFloat, float>(x, y);

    /// <summary>y[i] = e^x[i]; relative error at most 4.5·10⁻¹⁶ if the result is a normal number.</summary>
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

    /// <summary>y[i] = 1 / (1 + e^−x[i]); relative error at most 2.4·10⁻⁷ if the result is a normal number.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => Map.Run<LogisticSigmoidFloat, float>(x, y);

    /// <summary>y[i] = 1 / (1 + e^−x[i]); relative error at most 9·10⁻¹⁶ if the result is a normal number.</summary>
    /// <exception cref="ArgumentException">The target is shorter than the source.</exception>
    public static void Sigmoid(ReadOnlySpan<double> x, Span<double> y) => Map.Run<LogisticSigmoidDouble, double>(x, y);

    /// <summary>1 / (1 + e^−x); see the span overload.</summary>
    public static double Sigmoid(double x) => Map.One<LogisticSigmoidDouble, double>(x);
}
