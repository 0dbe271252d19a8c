using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Nn.Losses;

namespace Cluster.Ml.Nn.Graph;

/// <summary>Puts a network together, node by node, and checks that shapes fit.</summary>
/// <param name="layout">Where parameters are laid out; several networks of one model share it.</param>
/// <param name="input">What one row of the input holds.</param>
internal sealed class NetworkBuilder(ParameterLayout layout, TensorShape input)
{
    /// <summary>The tensor that rows come in by.</summary>
    public const int Input = 0;

    private readonly List<NetworkNode> _nodes = [];
    private readonly List<Head> _heads = [];
    private readonly List<bool> _learns = [false];          // of each tensor: whether anything that is trained has a part in it
    private int _units;

    /// <summary>The tensor of the node that was added last; the input before that.</summary>
    public int Last => _nodes.Count;

    /// <summary>What one row of a tensor holds.</summary>
    public TensorShape ShapeOf(int tensor) => tensor == 0 ? input : _nodes[tensor - 1].OutputShape;

    /// <summary>The node whose output a tensor is.</summary>
    public NetworkNode NodeOf(int tensor) => _nodes[tensor - 1];

    /// <summary>Adds a layer that shares no parameters.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="source">The tensor that it reads.</param>
    /// <param name="frozen">Whether all training leaves its parameters as they are.</param>
    /// <param name="trained">Whether this network changes them.</param>
    /// <returns>The tensor of its output.</returns>
    /// <exception cref="ArgumentException">The layer does not fit its source.</exception>
    public int Add(Layer layer, int source, bool frozen = false, bool trained = true)
    {
        string name = $"layer {_nodes.Count + 1} ({layer.Name})";
        ParameterBlock? block = layer.ParameterCount == 0 ? null : layout.Add(layer, Math.Max(_nodes.Count, layout.NextIndex), name, frozen);
        return Add(layer, source, name, block, trained && !frozen);
    }

    /// <summary>Adds a layer that uses parameters which are there already.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="source">The tensor that it reads.</param>
    /// <param name="block">The parameters.</param>
    /// <param name="trained">Whether this network changes them.</param>
    /// <returns>The tensor of its output.</returns>
    /// <exception cref="ArgumentException">The layer does not fit its source or the parameters.</exception>
    public int AddShared(Layer layer, int source, ParameterBlock block, bool trained)
    {
        string name = $"layer {_nodes.Count + 1} ({layer.Name})";
        if (layer.ParameterCount != block.Count || layer.WeightCount != block.WeightCount)
            throw new ArgumentException(
                $"Network: {name}: wanted parameters of {layer.WeightCount} weights of {layer.ParameterCount}, got those of {block.Name}: {block.WeightCount} of {block.Count}.",
                nameof(block));
        return Add(layer, source, name, block, trained && !block.Frozen);
    }

    /// <summary>Adds a join.</summary>
    /// <param name="join">Makes the join from the shapes of its inputs.</param>
    /// <param name="sources">The tensors that it reads, in order.</param>
    /// <returns>The tensor of its output.</returns>
    public int Add(Func<IReadOnlyList<TensorShape>, Join> join, params int[] sources)
    {
        foreach (int source in sources) RequireTensor(source);
        Join made = join([.. sources.Select(ShapeOf)]);
        _nodes.Add(new NetworkNode($"layer {_nodes.Count + 1} ({made.Name})", null, made, [.. sources], null, _units, false));
        _learns.Add(sources.Any(source => _learns[source]));
        return _nodes.Count;
    }

    /// <summary>Adds a cost; the first is what predictions are read from.</summary>
    /// <exception cref="ArgumentException">The tensor has a cost already.</exception>
    public NetworkBuilder Cost(int tensor, Loss loss, float weight = 1)
    {
        RequireTensor(tensor);
        if (_heads.Any(head => head.Tensor == tensor))
            throw new ArgumentException($"Network: wanted one cost for {NameOf(tensor)}, got a second.", nameof(tensor));
        _heads.Add(new Head(tensor, loss, weight));
        return this;
    }

    /// <summary>The network.</summary>
    /// <exception cref="ArgumentException">There are no nodes or no costs, or an output that nothing reads.</exception>
    public Network Build()
    {
        if (_nodes.Count == 0) throw new ArgumentException("Network: wanted at least one layer, got none.");
        if (_heads.Count == 0) throw new ArgumentException("Network: wanted at least one cost, got none.");
        for (int tensor = 1; tensor <= _nodes.Count; tensor++)
            if (!_heads.Any(head => head.Tensor == tensor) && !_nodes.Any(node => node.Sources.Contains(tensor)))
                throw new ArgumentException($"Network: {NameOf(tensor)}: wanted its output to be read by a layer or a cost, got neither.");
        return new Network(input, [.. _nodes], [.. _heads]);
    }

    private int Add(Layer layer, int source, string name, ParameterBlock? block, bool trained)
    {
        RequireTensor(source);
        if (!ShapeOf(source).Equals(layer.InputShape))
            throw new ArgumentException($"Network: {name}: wanted an input of {layer.InputShape}, got {ShapeOf(source)} from {NameOf(source)}.", nameof(source));
        trained &= block is not null;
        if ((trained && !layer.Learns) || (_learns[source] && !layer.PropagatesGradient))
            throw new ArgumentException(
                $"Network: {name}: wanted no layer that is trained {(layer.Learns ? "below it" : "at it or below it")}, as no gradient passes it, got one; freeze it, or put another in its place.", nameof(layer));
        _learns.Add(trained || _learns[source]);
        _nodes.Add(new NetworkNode(name, layer, null, [source], block, _units, trained));
        _units = checked(_units + layer.RandomPerRow);
        return _nodes.Count;
    }

    private string NameOf(int tensor) => tensor == 0 ? "the input" : _nodes[tensor - 1].Name;

    private void RequireTensor(int tensor)
    {
        if (tensor < 0 || tensor > _nodes.Count)
            throw new ArgumentOutOfRangeException(nameof(tensor), tensor, $"Network: wanted a tensor from 0 to {_nodes.Count}.");
    }
}
