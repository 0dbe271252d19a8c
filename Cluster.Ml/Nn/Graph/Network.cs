using Cluster.Ml.Nn.Layers;

namespace Cluster.Ml.Nn.Graph;

/// <summary>A network as it is described once and shared by all threads: nodes in the order in which rows pass through them.</summary>
/// <remarks>
/// Shapes  tensor 0 is the network's input; tensor i + 1 is the output of node i; a node reads earlier tensors only
/// </remarks>
internal sealed class Network
{
    private readonly bool[] _wantsGradient;

    /// <summary>Takes what a <see cref="NetworkBuilder"/> has checked.</summary>
    public Network(TensorShape input, NetworkNode[] nodes, Head[] heads)
    {
        (InputShape, Nodes, Heads) = (input, nodes, heads);
        _wantsGradient = new bool[nodes.Length + 1];
        for (int i = 0; i < nodes.Length; i++)
        {
            _wantsGradient[i + 1] = nodes[i].Trained || nodes[i].Sources.Any(source => _wantsGradient[source]);
            RandomPerRow += nodes[i].Layer?.RandomPerRow ?? 0;
        }
        IEnumerable<IGrouping<ParameterBlock?, NetworkNode>> blocks = nodes.Where(node => node.Trained).GroupBy(node => node.Block);
        SharedBlocks = [.. blocks.Where(group => group.Count() > 1).Select(group => group.Key!)];
    }

    /// <summary>What one row of the input holds.</summary>
    public TensorShape InputShape { get; }

    /// <summary>The nodes, in order.</summary>
    public NetworkNode[] Nodes { get; }

    /// <summary>What the network's outputs cost; the first head is what predictions are read from.</summary>
    public Head[] Heads { get; }

    /// <summary>Units that randomness decides on, of all layers.</summary>
    public int RandomPerRow { get; }

    /// <summary>Trained parameters that more than one node of this network uses.</summary>
    public ParameterBlock[] SharedBlocks { get; }

    /// <summary>Numbers a row coming in.</summary>
    public int Inputs => InputShape.Count;

    /// <summary>How many tensors there are.</summary>
    public int TensorCount => Nodes.Length + 1;

    /// <summary>What one row of a tensor holds.</summary>
    public TensorShape ShapeOf(int tensor) => tensor == 0 ? InputShape : Nodes[tensor - 1].OutputShape;

    /// <summary>Whether any trained parameter has a part in a tensor: if not, no gradient of it is formed.</summary>
    public bool WantsGradient(int tensor) => _wantsGradient[tensor];

    /// <summary>The first trained layer whose single rows' gradients cannot be measured, or null: what private training must refuse.</summary>
    public string? FirstWithoutRowNorms => SharedBlocks.Length > 0
        ? $"{SharedBlocks[0].Name}, shared"
        : Nodes.FirstOrDefault(node => node is { Trained: true, Layer.HasRowNorms: false })?.Name;
}

/// <summary>One step of a network: a layer with its parameters, or a join.</summary>
/// <param name="Name">How messages name it, such as "layer 2 (dense 128)".</param>
/// <param name="Layer">The layer, or null for a join.</param>
/// <param name="Join">The join, or null for a layer.</param>
/// <param name="Sources">The tensors that it reads: one for a layer.</param>
/// <param name="Block">Where the layer's parameters are; null if it has none.</param>
/// <param name="FirstUnit">The number of the layer's first unit among those that randomness decides on.</param>
/// <param name="Trained">Whether this network changes the parameters.</param>
internal sealed record NetworkNode(string Name, Layer? Layer, Join? Join, int[] Sources, ParameterBlock? Block, int FirstUnit, bool Trained)
{
    /// <summary>What one row of the output holds.</summary>
    public TensorShape OutputShape => Layer?.OutputShape ?? Join!.OutputShape;
}
