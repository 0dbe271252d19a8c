using Cluster.Ml.Export.Onnx;

namespace Cluster.Ml.Nn.Graph;

/// <summary>A point of a network that joins several tensors into one.</summary>
/// <remarks>
/// Range   row i of the output and of every input gradient depends on row i alone
/// Source  Goodfellow, Bengio, Courville, Deep Learning (2016), § 6.5.6: each operation of a graph and its gradient by each of its inputs
/// </remarks>
internal abstract class Join(IReadOnlyList<TensorShape> inputs, TensorShape output)
{
    /// <summary>What the job file calls it.</summary>
    public abstract string Name { get; }

    /// <summary>What one row of each input holds.</summary>
    public IReadOnlyList<TensorShape> InputShapes { get; } = inputs;

    /// <summary>What one row of the output holds.</summary>
    public TensorShape OutputShape { get; } = output;

    /// <summary>Brings one input into the output; called for every input, the first first.</summary>
    /// <param name="port">Which input.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="input">[rows, InputShapes[port]].</param>
    /// <param name="output">[rows, OutputShape], written to.</param>
    public abstract void Forward(int port, int rows, ReadOnlySpan<float> input, Span<float> output);

    /// <summary>The same as operators.</summary>
    /// <returns>The output, [rows, OutputShape]; null if there are no such operators.</returns>
    public virtual string? WriteOnnx(OnnxGraph graph, IReadOnlyList<string> inputs) => null;

    /// <summary>Writes the gradient of one input.</summary>
    /// <param name="port">Which input.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="outputGradient">[rows, OutputShape].</param>
    /// <param name="inputGradient">[rows, InputShapes[port]], overwritten.</param>
    public abstract void Backward(int port, int rows, ReadOnlySpan<float> outputGradient, Span<float> inputGradient);

    /// <summary>Fails if there are no inputs.</summary>
    protected static IReadOnlyList<TensorShape> Some(string name, IReadOnlyList<TensorShape> inputs) => inputs.Count > 0
        ? inputs
        : throw new ArgumentException($"Network: {name}: wanted at least one input, got none.", nameof(inputs));
}
