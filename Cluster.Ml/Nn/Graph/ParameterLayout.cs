using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Nn.Graph;

/// <summary>Where the parameters of each layer lie among those of the model, and their gradients within a contribution.</summary>
/// <remarks>
/// Shapes  parameters [ParameterCount]: block after block, each its weights and then its biases;
///         gradient [GradientCount]: the same without the blocks that are frozen for good
/// </remarks>
internal sealed class ParameterLayout
{
    private readonly List<ParameterBlock> _blocks = [];

    /// <summary>The blocks, in the order of their parameters.</summary>
    public IReadOnlyList<ParameterBlock> Blocks => _blocks;

    /// <summary>All parameters of the model.</summary>
    public int ParameterCount { get; private set; }

    /// <summary>The parameters that training changes.</summary>
    public int GradientCount { get; private set; }

    /// <summary>The first number above those of all layers: layers of one network are numbered by their place, those of a further one go on.</summary>
    public int NextIndex => _blocks.Count == 0 ? 0 : _blocks[^1].Index + 1;

    /// <summary>Makes room for a layer's parameters.</summary>
    /// <param name="layer">Says how many, and how they start.</param>
    /// <param name="index">The number of the layer in the model: what the start of its weights is keyed by.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="frozen">Whether training leaves them as they are.</param>
    public ParameterBlock Add(Layer layer, int index, string name, bool frozen)
    {
        ParameterBlock block = new(layer, index, name, ParameterCount, frozen ? -1 : GradientCount);
        _blocks.Add(block);
        ParameterCount = checked(ParameterCount + block.Count);
        if (!frozen) GradientCount += block.Count;
        return block;
    }
}

/// <summary>The parameters of one layer; several layers of equal shape may share them.</summary>
/// <param name="Layer">The layer that they were made for.</param>
/// <param name="Index">The number of that layer in the model.</param>
/// <param name="Name">How messages name it, such as "layer 2 (dense 128)".</param>
/// <param name="Offset">Where they begin among the model's parameters.</param>
/// <param name="GradientOffset">Where their gradient begins within a contribution; −1 if they are frozen for good.</param>
internal sealed record ParameterBlock(Layer Layer, int Index, string Name, int Offset, int GradientOffset)
{
    /// <summary>How many.</summary>
    public int Count => Layer.ParameterCount;

    /// <summary>How many of them, from the first, are weights.</summary>
    public int WeightCount => Layer.WeightCount;

    /// <summary>Whether training leaves them as they are.</summary>
    public bool Frozen => GradientOffset < 0;

    /// <summary>These parameters within those of the model.</summary>
    public ReadOnlySpan<float> Of(ReadOnlySpan<float> parameters) => parameters.Slice(Offset, Count);

    /// <summary>These parameters within those of the model.</summary>
    public Span<float> Of(Span<float> parameters) => parameters.Slice(Offset, Count);

    /// <summary>Their gradient within a contribution.</summary>
    public Span<float> GradientOf(Span<float> gradient) => gradient.Slice(GradientOffset, Count);
}
