using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn;

/// <summary>The buffers of one thread: what rows are while they pass through a network, forward and back.</summary>
/// <remarks>
/// Shapes  value i [rows, width of layer i's input]; gradient i the same; value 0 is the network's input
/// Cost    grows to the most rows seen, then allocates nothing
/// </remarks>
internal sealed class NetworkPass(Network network)
{
    private readonly GemmWorkspace _workspace = new();
    private readonly NumericBuffer[] _values = new NumericBuffer[network.Layers.Count + 1];
    private readonly NumericBuffer[] _gradients = new NumericBuffer[network.Layers.Count + 1];
    private readonly NumericBuffer[] _kept = new NumericBuffer[network.Layers.Count];
    private int _capacity = -1;

    /// <summary>How many rows are in the buffers.</summary>
    public int Rows { get; private set; }

    /// <summary>The network's input, [Rows × Inputs]: to be filled.</summary>
    public Span<float> Inputs => Value(0);

    /// <summary>The network's output, [Rows × Outputs].</summary>
    public Span<float> Outputs => Value(network.Layers.Count);

    /// <summary>The gradient of the loss sum by the output, [Rows × Outputs]: to be filled.</summary>
    public Span<float> OutputGradient => Gradient(network.Layers.Count);

    /// <summary>The gradient of the loss sum by the input, [Rows × Inputs], where it was asked for.</summary>
    public Span<float> InputGradient => Gradient(0);

    /// <summary>Makes room for rows; what was in the buffers is lost.</summary>
    public void Begin(int rows)
    {
        Rows = rows;
        if (rows <= _capacity) return;
        _capacity = rows;
        for (int i = 0; i < _values.Length; i++)
        {
            int width = WidthOf(i);
            _values[i] = new NumericBuffer(NumberKind.Float32, checked(rows * width));
            _gradients[i] = new NumericBuffer(NumberKind.Float32, i <= network.FirstTrained ? 0 : checked(rows * width));
            if (i < _kept.Length) _kept[i] = new NumericBuffer(NumberKind.Float32, checked(rows * network.Layers[i].KeptPerRow));
        }
    }

    /// <summary>Runs the rows through all layers.</summary>
    /// <param name="parameters">All parameters.</param>
    /// <param name="chance">Keys of dropped units while training; null when the network is only asked.</param>
    public void Forward(ReadOnlySpan<float> parameters, TrainingChance? chance)
    {
        for (int i = 0; i < network.Layers.Count; i++)
            network.Layers[i].Forward(PassOf(i, parameters, chance, wantsInputGradient: false));
    }

    /// <summary>From the output's gradient to what every layer needs for its parameters; and to the input's gradient where wanted.</summary>
    public void BackwardInputs(ReadOnlySpan<float> parameters, TrainingChance? chance, bool wantsInputGradient = false)
    {
        if (wantsInputGradient) GrowInputGradients();
        int last = wantsInputGradient ? 0 : Math.Max(network.FirstTrained, 0);
        for (int i = network.Layers.Count - 1; i >= last; i--)
            network.Layers[i].BackwardInput(PassOf(i, parameters, chance, i > last || wantsInputGradient));
    }

    /// <summary>The gradient of all parameters: micro-batches end before the rows <paramref name="ends"/> and are added up as a fixed tree.</summary>
    public void BackwardParameters(ReadOnlySpan<float> parameters, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        for (int i = 0; i < network.Layers.Count; i++)
            network.Layers[i].BackwardParameters(PassOf(i, parameters, null, false), ends, network.Of(i, gradient));
    }

    /// <summary>The squared norm of every row's gradient by all parameters, [Rows], overwritten.</summary>
    public void SquaredNorms(ReadOnlySpan<float> parameters, Span<float> squaredNorms)
    {
        squaredNorms.Clear();
        for (int i = 0; i < network.Layers.Count; i++)
            network.Layers[i].AddSquaredNorms(PassOf(i, parameters, null, false), squaredNorms);
    }

    /// <summary>Multiplies what every row contributes to the parameter gradients.</summary>
    public void ScaleRows(ReadOnlySpan<float> parameters, ReadOnlySpan<float> factors)
    {
        for (int i = 0; i < network.Layers.Count; i++)
            network.Layers[i].ScaleRows(PassOf(i, parameters, null, false), factors);
    }

    /// <summary>Where the first number that is not finite came up: the input, or a layer's output. Null where all are finite.</summary>
    public string? FirstNotFinite()
    {
        if (!Reductions.AllFinite(Inputs)) return "input";
        for (int i = 0; i < network.Layers.Count; i++)
            if (!Reductions.AllFinite(Value(i + 1))) return network.LayerName(i);
        return null;
    }

    private LayerPass PassOf(int layer, ReadOnlySpan<float> parameters, TrainingChance? chance, bool wantsInputGradient) => new()
    {
        Rows = Rows,
        Input = Value(layer),
        Output = Value(layer + 1),
        Parameters = network.Of(layer, parameters),
        Kept = _kept[layer].Floats[..(Rows * network.Layers[layer].KeptPerRow)],
        OutputGradient = Gradient(layer + 1),
        InputGradient = wantsInputGradient ? Gradient(layer) : default,
        Chance = chance,
        Workspace = _workspace,
    };

    private int WidthOf(int value) => value == 0 ? network.Inputs : network.Layers[value - 1].Outputs;

    private Span<float> Value(int i) => _values[i].Floats[..(Rows * WidthOf(i))];

    private Span<float> Gradient(int i) => _gradients[i].Length == 0 ? default : _gradients[i].Floats[..(Rows * WidthOf(i))];

    private void GrowInputGradients()
    {
        for (int i = 0; i <= network.FirstTrained; i++)
            if (_gradients[i].Length < _capacity * WidthOf(i))
                _gradients[i] = new NumericBuffer(NumberKind.Float32, _capacity * WidthOf(i));
    }
}
