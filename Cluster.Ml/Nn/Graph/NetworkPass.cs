using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Graph;

/// <summary>The buffers of one thread: what rows are while they pass through a network, forward and back.</summary>
/// <remarks>
/// Shapes  values and gradients [rows, width of the tensor], in one slice of memory by <see cref="BufferPlan"/>
/// Cost    grows to the most rows seen, then allocates nothing
/// </remarks>
/// <param name="network">The network.</param>
/// <param name="keeps">Whether everything stays until the end, as <see cref="SquaredNorms"/> and <see cref="ScaleRows"/> need.</param>
/// <param name="wantsInputGradient">Whether <see cref="InputGradient"/> is wanted.</param>
internal sealed class NetworkPass(Network network, bool keeps = false, bool wantsInputGradient = false)
{
    private const int AlignedRows = 16;

    private readonly BufferPlan _plan = new(network, keeps, wantsInputGradient);
    private readonly GemmWorkspace _workspace = new();
    private readonly SharedGradients? _shared = network.SharedBlocks.Length > 0 ? new SharedGradients(network) : null;
    private NumericBuffer _numbers = new(NumberKind.Float32, 0);
    private int _capacity;

    /// <summary>Numbers that the buffers hold for one row.</summary>
    public int NumbersPerRow => _plan.Size;

    /// <summary>How many rows are in the buffers.</summary>
    public int Rows { get; private set; }

    /// <summary>The network's input, [Rows × Inputs]: to be filled.</summary>
    public Span<float> Inputs => ValueOf(NetworkBuilder.Input);

    /// <summary>The gradient of the loss sum by the input, [Rows × Inputs], if it was asked for.</summary>
    public Span<float> InputGradient => GradientOf(NetworkBuilder.Input);

    /// <summary>What a head reads, [Rows × width].</summary>
    public Span<float> OutputOf(Head head) => ValueOf(head.Tensor);

    /// <summary>One row of what a head reads, [width].</summary>
    public ReadOnlySpan<float> OutputOf(Head head, int row)
    {
        int width = network.ShapeOf(head.Tensor).Count;
        return OutputOf(head).Slice(row * width, width);
    }

    /// <summary>The gradient of the loss sum by what a head reads, [Rows × width]: to be filled; empty if nothing trained is below.</summary>
    public Span<float> OutputGradientOf(Head head) => GradientOf(head.Tensor);

    /// <summary>A tensor, [Rows × width]. After Forward only those that a head reads are sure to be there still.</summary>
    public Span<float> ValueOf(int tensor) => Slice(_plan.Values[tensor], network.ShapeOf(tensor).Count);

    /// <summary>Makes room for rows; what was in the buffers is lost.</summary>
    public void Begin(int rows)
    {
        Rows = rows;
        if (rows <= _capacity) return;
        _capacity = (rows + AlignedRows - 1) / AlignedRows * AlignedRows;
        _numbers = new NumericBuffer(NumberKind.Float32, checked(_capacity * _plan.Size));
    }

    /// <summary>Runs the rows through all nodes.</summary>
    /// <param name="parameters">All parameters of the model.</param>
    /// <param name="random">Keys of random numbers; null when the network is only asked.</param>
    public void Forward(ReadOnlySpan<float> parameters, RowRandom? random)
    {
        for (int k = 0; k < network.Nodes.Length; k++) Forward(k, parameters, random);
    }

    /// <summary>
    /// From the gradients at the heads to those of the parameters: micro-batches end before the rows <paramref name="ends"/>
    /// and are added up as a fixed tree.
    /// </summary>
    /// <param name="parameters">All parameters of the model.</param>
    /// <param name="ends">[micro-batches], a power of two.</param>
    /// <param name="gradient">[GradientCount of the layout]; the blocks that this network trains are overwritten.</param>
    public void Backward(ReadOnlySpan<float> parameters, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        for (int k = network.Nodes.Length - 1; k >= 0; k--)
        {
            BackwardInput(k, parameters);
            BackwardParameters(k, parameters, ends, gradient);
        }
        _shared?.Sum(this, parameters, ends, gradient);
    }

    /// <summary>The first half of <see cref="Backward"/>, for callers that do something between the halves or want the input's gradient alone.</summary>
    public void BackwardInputs(ReadOnlySpan<float> parameters)
    {
        for (int k = network.Nodes.Length - 1; k >= 0; k--) BackwardInput(k, parameters);
    }

    /// <summary>The second half of <see cref="Backward"/>, of a pass that keeps everything.</summary>
    public void BackwardParameters(ReadOnlySpan<float> parameters, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        for (int k = 0; k < network.Nodes.Length; k++) BackwardParameters(k, parameters, ends, gradient);
        _shared?.Sum(this, parameters, ends, gradient);
    }

    /// <summary>The squared norm of every row's gradient by all trained parameters, [Rows], overwritten.</summary>
    public void SquaredNorms(ReadOnlySpan<float> parameters, Span<float> squaredNorms)
    {
        squaredNorms.Clear();
        for (int k = 0; k < network.Nodes.Length; k++)
            if (network.Nodes[k].Trained) network.Nodes[k].Layer!.AddSquaredNorms(PassOf(k, parameters, null), squaredNorms);
    }

    /// <summary>Multiplies what every row contributes to the parameter gradients.</summary>
    public void ScaleRows(ReadOnlySpan<float> parameters, ReadOnlySpan<float> factors)
    {
        for (int k = 0; k < network.Nodes.Length; k++)
            if (network.Nodes[k].Trained) network.Nodes[k].Layer!.ScaleRows(PassOf(k, parameters, null), factors);
    }

    /// <summary>
    /// Where the first number that is not finite came up: the input, or the output of a node. Null if all are finite.
    /// Runs forward once more, as buffers may have been used for something else since.
    /// </summary>
    public string? FirstNotFinite(ReadOnlySpan<float> parameters, RowRandom? random)
    {
        if (!Reductions.AllFinite(Inputs)) return "input";
        for (int k = 0; k < network.Nodes.Length; k++)
        {
            Forward(k, parameters, random);
            if (!Reductions.AllFinite(ValueOf(k + 1))) return network.Nodes[k].Name;
        }
        return null;
    }

    /// <summary>Some rows of a layer's buffers, for its BackwardParameters.</summary>
    internal LayerPass PassOf(int node, ReadOnlySpan<float> parameters, int firstRow, int rows)
    {
        LayerPass all = PassOf(node, parameters, null);
        Layer layer = network.Nodes[node].Layer!;
        return new LayerPass
        {
            Rows = rows,
            Input = all.Input.Slice(firstRow * layer.Inputs, rows * layer.Inputs),
            Output = all.Output.Slice(firstRow * layer.Outputs, rows * layer.Outputs),
            Parameters = all.Parameters,
            SavedForBackward = all.SavedForBackward.Slice(firstRow * layer.SavedPerRow, rows * layer.SavedPerRow),
            OutputGradient = all.OutputGradient.Slice(firstRow * layer.Outputs, rows * layer.Outputs),
            Workspace = _workspace,
        };
    }

    private void Forward(int k, ReadOnlySpan<float> parameters, RowRandom? random)
    {
        NetworkNode node = network.Nodes[k];
        if (node.Layer is { } layer)
            layer.Forward(PassOf(k, parameters, random));
        else
            for (int port = 0; port < node.Sources.Length; port++)
                node.Join!.Forward(port, Rows, ValueOf(node.Sources[port]), ValueOf(k + 1));
    }

    private void BackwardInput(int k, ReadOnlySpan<float> parameters)
    {
        if (!_plan.WantsGradient(k + 1)) return;
        NetworkNode node = network.Nodes[k];
        for (int port = 0; port < node.Sources.Length; port++)
        {
            int source = node.Sources[port];
            bool wanted = _plan.WantsGradient(source), first = !wanted || _plan.WritesFirst(k, port);
            Span<float> target = first ? GradientOf(source) : Slice(_plan.Partial[k], network.ShapeOf(source).Count);
            if (node.Layer is { } layer)
                layer.BackwardInput(PassOf(k, parameters, null, target));
            else if (wanted)
                node.Join!.Backward(port, Rows, GradientOf(k + 1), target);
            if (!first) Reductions.Add(target, GradientOf(source));
        }
    }

    private void BackwardParameters(int k, ReadOnlySpan<float> parameters, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        NetworkNode node = network.Nodes[k];
        if (node.Trained && (_shared is null || !_shared.Has(k)))
            node.Layer!.BackwardParameters(PassOf(k, parameters, null), ends, node.Block!.GradientOf(gradient));
    }

    private LayerPass PassOf(int k, ReadOnlySpan<float> parameters, RowRandom? random, Span<float> inputGradient = default)
    {
        NetworkNode node = network.Nodes[k];
        return new LayerPass
        {
            Rows = Rows,
            Input = ValueOf(node.Sources[0]),
            Output = ValueOf(k + 1),
            Parameters = node.Block is { } block ? block.Of(parameters) : default,
            SavedForBackward = Slice(_plan.SavedForBackward[k], node.Layer!.SavedPerRow),
            OutputGradient = GradientOf(k + 1),
            InputGradient = inputGradient,
            Random = random,
            FirstUnit = node.FirstUnit,
            Workspace = _workspace,
        };
    }

    private Span<float> GradientOf(int tensor) => Slice(_plan.Gradients[tensor], network.ShapeOf(tensor).Count);

    private Span<float> Slice(int offset, int width) => offset == BufferPlan.None ? default : _numbers.Floats.Slice(offset * _capacity, Rows * width);
}
