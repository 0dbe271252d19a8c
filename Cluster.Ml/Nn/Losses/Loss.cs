using Cluster.Ml.Export.Onnx;

namespace Cluster.Ml.Nn.Losses;

/// <summary>What a tensor of a network costs, row by row, and how that changes with it.</summary>
/// <remarks>Range  a row's loss and gradient depend on that row alone; sums and means are the caller's</remarks>
internal abstract class Loss
{
    /// <summary>Whether a row's target is a class.</summary>
    public abstract bool Classifies { get; }

    /// <summary>The loss of one row, and if wanted its gradient by the outputs.</summary>
    /// <param name="outputs">[Outputs].</param>
    /// <param name="target">What they are to become.</param>
    /// <param name="gradient">[Outputs], overwritten; or empty. May be the same span as the outputs.</param>
    public abstract double Row(ReadOnlySpan<float> outputs, in Target target, Span<float> gradient);

    /// <summary>What the outputs of rows say, as operators and outputs of a graph.</summary>
    /// <param name="model">Added to.</param>
    /// <param name="outputs">In double precision, [rows, Outputs].</param>
    /// <returns>Whether there are such operators.</returns>
    public virtual bool WriteOnnx(OnnxModel model, string outputs) => false;

    /// <summary>What the outputs of one row say: the class index, or the value.</summary>
    /// <param name="outputs">[Outputs].</param>
    /// <param name="scores">[classes] probabilities, overwritten; or empty.</param>
    public abstract double Predict(ReadOnlySpan<float> outputs, Span<double> scores);
}
