using Cluster.Ml.Export.Onnx;

namespace Cluster.Ml.Nn.Activations;

/// <summary>A function of one number whose slope can be told from its value, applied in place.</summary>
internal abstract class Activation(string name, string meaning)
{
    /// <summary>What the job file calls it.</summary>
    public string Name => name;

    /// <summary>What it is: one line.</summary>
    public string Meaning => meaning;

    /// <summary>Whether it has a slope, without which nothing below it learns.</summary>
    public bool IsDifferentiable { get; init; } = true;

    /// <summary>Whether it lets only one half of what comes in through, so that weights before it start larger.</summary>
    public bool Rectifies { get; init; }

    /// <summary>Whether it changes nothing.</summary>
    public bool IsIdentity { get; init; }

    /// <summary>The function as operators: the name of f(x) from that of x.</summary>
    public required Func<OnnxGraph, string, string> Onnx { get; init; }

    /// <summary>y[i, j] ← f(y[i, j] + bias[j]) for all whole rows of y.</summary>
    public abstract void Forward(Span<float> y, ReadOnlySpan<float> bias);

    /// <summary>gradient[i] ← gradient[i]·f′, y[i] the value that f gave.</summary>
    public abstract void Backward(ReadOnlySpan<float> y, Span<float> gradient);
}
