using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn;

/// <summary>A network as it is described once and shared by all threads: layers in order, and where each finds its parameters.</summary>
/// <remarks>
/// Shapes  parameters [ParameterCount]: layer after layer, each its weights and then its biases
/// </remarks>
internal sealed class Network
{
    private readonly int[] _offsets;

    /// <summary>Checks that the layers fit each other.</summary>
    /// <exception cref="ArgumentException">They do not, or there are none.</exception>
    public Network(IReadOnlyList<Layer> layers, Loss loss)
    {
        if (layers.Count == 0) throw new ArgumentException("Network: wanted at least one layer, got none.", nameof(layers));
        Layers = layers;
        Loss = loss;
        _offsets = new int[layers.Count + 1];
        long offset = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            if (i > 0 && layers[i].Inputs != layers[i - 1].Outputs)
                throw new ArgumentException($"Network: {LayerName(i)}: wanted {layers[i - 1].Outputs} inputs, got {layers[i].Inputs}.", nameof(layers));
            offset += layers[i].ParameterCount;
            _offsets[i + 1] = checked((int)offset);
            if (layers[i].ParameterCount > 0 && FirstTrained < 0) FirstTrained = i;
        }
    }

    /// <summary>The layers, in the order in which rows pass through them.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>What the last layer's outputs cost.</summary>
    public Loss Loss { get; }

    /// <summary>Numbers a row coming in.</summary>
    public int Inputs => Layers[0].Inputs;

    /// <summary>Numbers a row going out.</summary>
    public int Outputs => Layers[^1].Outputs;

    /// <summary>All parameters of all layers.</summary>
    public int ParameterCount => _offsets[^1];

    /// <summary>The first layer with parameters: no gradient is wanted below it. −1 where there is none.</summary>
    public int FirstTrained { get; } = -1;

    /// <summary>A layer's parameters within those of the network.</summary>
    public Span<T> Of<T>(int layer, Span<T> parameters) => parameters[_offsets[layer].._offsets[layer + 1]];

    /// <summary>A layer's parameters within those of the network.</summary>
    public ReadOnlySpan<T> Of<T>(int layer, ReadOnlySpan<T> parameters) => parameters[_offsets[layer].._offsets[layer + 1]];

    /// <summary>Where a layer's parameters begin.</summary>
    public int OffsetOf(int layer) => _offsets[layer];

    /// <summary>How messages name a layer, such as "layer 2 (dense 128)".</summary>
    public string LayerName(int layer) => $"layer {layer + 1} ({Layers[layer].Name})";
}
