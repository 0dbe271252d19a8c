using Cluster.Ml.Export.Onnx;

namespace Cluster.Ml.Nn.Layers;

/// <summary>
/// One layer of a network: fixed sizes and pure functions over buffers that somebody else owns, so that all threads share it.
/// </summary>
/// <remarks>
/// Shapes    input [rows, InputShape], output [rows, OutputShape], parameters [ParameterCount]: the weights, then the biases
/// Range     row i of the output and of the input gradient depends on row i alone, bit for bit
/// Order     Forward; BackwardInput from the last layer to the first; if training is private AddSquaredNorms and ScaleRows;
///           BackwardParameters. Between BackwardInput and BackwardParameters the output gradient keeps what the former left in it
/// </remarks>
internal abstract class Layer(TensorShape input, TensorShape output)
{
    /// <summary>What the job file calls it, such as "dense 128".</summary>
    public abstract string Name { get; }

    /// <summary>What one row holds coming in.</summary>
    public TensorShape InputShape { get; } = input;

    /// <summary>What one row holds going out.</summary>
    public TensorShape OutputShape { get; } = output;

    /// <summary>Numbers a row coming in.</summary>
    public int Inputs => InputShape.Count;

    /// <summary>Numbers a row going out.</summary>
    public int Outputs => OutputShape.Count;

    /// <summary>How many of the parameters, from the first, are weights: what penalties are laid on.</summary>
    public virtual int WeightCount => 0;

    /// <summary>How many parameters there are; after the weights come the biases.</summary>
    public virtual int ParameterCount => 0;

    /// <summary>Numbers a row that Forward keeps for the backward methods, beside input and output.</summary>
    public virtual int SavedPerRow => 0;

    /// <summary>Random numbers a row that <see cref="RowRandom"/> gives this layer.</summary>
    public virtual int RandomPerRow => 0;

    /// <summary>Whether the backward methods read <see cref="LayerPass.Input"/>; otherwise its buffer is used for something else by then.</summary>
    public virtual bool ReadsInputBackward => true;

    /// <summary>Whether the backward methods read <see cref="LayerPass.Output"/>; otherwise its buffer is used for something else by then.</summary>
    public virtual bool ReadsOutputBackward => true;

    /// <summary>Whether single rows' gradients can be measured and scaled, as private training must. A layer with parameters has to say so.</summary>
    public virtual bool HasRowNorms => ParameterCount == 0;

    /// <summary>Whether the output's gradient determines the input's: if not, nothing below may be trained.</summary>
    public virtual bool PropagatesGradient => true;

    /// <summary>Whether the output's gradient says how the parameters are to change.</summary>
    public virtual bool Learns => true;

    /// <summary>Fills the parameters before training.</summary>
    public virtual void Initialize(Span<float> parameters, ulong seed, int layer)
    {
    }

    /// <summary>The same as operators, as it is where the network is only asked.</summary>
    /// <param name="graph">Added to.</param>
    /// <param name="input">[rows, InputShape].</param>
    /// <param name="parameters">[ParameterCount].</param>
    /// <returns>The output, [rows, OutputShape]; null if there are no such operators.</returns>
    public virtual string? WriteOnnx(OnnxGraph graph, string input, ReadOnlySpan<float> parameters) => null;

    /// <summary>The layer's parameters as tensors with names; of weights and biases if it says no more.</summary>
    public virtual IReadOnlyList<LayerTensor> Tensors => ParameterCount == 0 ? []
        : ParameterCount == WeightCount ? [new("weight", [WeightCount])]
        : [new("weight", [WeightCount]), new("bias", [ParameterCount - WeightCount])];

    /// <summary>Writes the output.</summary>
    public abstract void Forward(in LayerPass pass);

    /// <summary>
    /// Turns the output's gradient into what <see cref="BackwardParameters"/> needs, in place, and writes the input's gradient
    /// unless nobody wants it (then the span is empty).
    /// </summary>
    public abstract void BackwardInput(in LayerPass pass);

    /// <summary>Writes the gradient of the parameters, summed over each micro-batch in row order, these added up as a fixed tree.</summary>
    /// <param name="pass">The buffers.</param>
    /// <param name="ends">[micro-batches], a power of two, ascending: the row before which each ends; the last is <see cref="LayerPass.Rows"/>.</param>
    /// <param name="gradient">[ParameterCount], overwritten.</param>
    public virtual void BackwardParameters(in LayerPass pass, ReadOnlySpan<int> ends, Span<float> gradient)
    {
    }

    /// <summary>Adds the squared norm of every single row's parameter gradient, without forming it; called after BackwardInput.</summary>
    public virtual void AddSquaredNorms(in LayerPass pass, Span<float> squaredNorms)
    {
    }

    /// <summary>Multiplies what each row contributes to the parameter gradient.</summary>
    public virtual void ScaleRows(in LayerPass pass, ReadOnlySpan<float> factors)
    {
    }
}
