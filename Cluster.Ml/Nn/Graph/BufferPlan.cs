namespace Cluster.Ml.Nn.Graph;

/// <summary>Where in one slice of memory each of a network's buffers lies: buffers that are never needed at the same time share a place.</summary>
/// <remarks>
/// Time    node k runs forward at k and backward at 2n − k, the costs are taken at n, and at 2n + 1 what was left is done;
///         a buffer lives from the first moment at which it is written to the last at which it is read
/// Shapes  offsets and sizes in numbers a row
/// Range   the plan depends on the network alone
/// Cost    first fit in the order of birth; buffers² comparisons, once
/// </remarks>
internal sealed class BufferPlan
{
    /// <summary>The offset of a buffer that there is no need for.</summary>
    public const int None = -1;

    private readonly Network _network;
    private readonly List<Lifetime> _placed = [];
    private readonly bool _keeps;
    private readonly bool[] _wantsGradient;
    private readonly bool[][] _writesFirst;

    /// <summary>Plans the buffers of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="keeps">Whether all that backward methods read stays until the end, as private training needs.</param>
    /// <param name="wantsInputGradient">Whether the gradient of the network's input is wanted.</param>
    public BufferPlan(Network network, bool keeps, bool wantsInputGradient)
    {
        (_network, _keeps) = (network, keeps);
        int nodes = network.Nodes.Length;
        _wantsGradient = TensorsWithGradient(wantsInputGradient);
        _writesFirst = [.. network.Nodes.Select((node, k) => node.Sources.Select((_, port) => IsFirst(k, port)).ToArray())];
        Values = new int[network.TensorCount];
        Gradients = new int[network.TensorCount];
        SavedForBackward = new int[nodes];
        Partial = new int[nodes];
        List<(Lifetime Life, int[] Offsets, int Index)> buffers = [];
        for (int tensor = 0; tensor < network.TensorCount; tensor++)
        {
            int size = network.ShapeOf(tensor).Count;
            buffers.Add((new Lifetime(tensor - 1, LastReadOf(tensor), size), Values, tensor));
            buffers.Add((new Lifetime(FirstGradientOf(tensor), LastGradientOf(tensor), WantsGradient(tensor) ? size : 0), Gradients, tensor));
        }
        for (int k = 0; k < nodes; k++)
        {
            buffers.Add((new Lifetime(k, EndOf(k), network.Nodes[k].Layer?.SavedPerRow ?? 0), SavedForBackward, k));
            buffers.Add((new Lifetime(BackwardAt(k), BackwardAt(k), PartialSizeOf(k)), Partial, k));
        }
        foreach ((Lifetime life, int[] offsets, int index) in buffers.OrderBy(buffer => buffer.Life.Birth)) offsets[index] = Place(life);
        Size = _placed.Max(life => life.Offset + life.Size);
        Unshared = _placed.Sum(life => life.Size);
    }

    /// <summary>Numbers a row of the whole slice.</summary>
    public int Size { get; }

    /// <summary>What it would be if no two buffers shared a place.</summary>
    public int Unshared { get; }

    /// <summary>Where each tensor is, [tensors].</summary>
    public int[] Values { get; }

    /// <summary>Where each tensor's gradient is, [tensors].</summary>
    public int[] Gradients { get; }

    /// <summary>Where each node keeps what it needs backward, [nodes].</summary>
    public int[] SavedForBackward { get; }

    /// <summary>Where a node writes an input's gradient that is to be added to one which is there already, [nodes].</summary>
    public int[] Partial { get; }

    /// <summary>Whether the gradient of a tensor is formed.</summary>
    public bool WantsGradient(int tensor) => _wantsGradient[tensor];

    /// <summary>Whether a node is the first to write the gradient of what it reads: later ones add to it.</summary>
    public bool WritesFirst(int node, int port) => _writesFirst[node][port];

    private bool[] TensorsWithGradient(bool input)
    {
        bool[] reached = new bool[_network.TensorCount];
        reached[NetworkBuilder.Input] = input;
        for (int k = 0; k < _network.Nodes.Length; k++)
            reached[k + 1] = _network.WantsGradient(k + 1) || _network.Nodes[k].Sources.Any(source => reached[source]);
        return reached;
    }

    // Costs write before all nodes, and later nodes before earlier ones.
    private bool IsFirst(int node, int port)
    {
        int[] sources = _network.Nodes[node].Sources;
        return !_network.Heads.Any(head => head.Tensor == sources[port])
            && !_network.Nodes.Skip(node + 1).Any(later => later.Sources.Contains(sources[port]))
            && Array.IndexOf(sources, sources[port]) == port;
    }

    private int LossAt => _network.Nodes.Length;

    private int End => (2 * _network.Nodes.Length) + 1;

    private int BackwardAt(int node) => (2 * _network.Nodes.Length) - node;

    /// <summary>When the last backward method of a node has run.</summary>
    private int EndOf(int node) => _keeps || _network.SharedBlocks.Contains(_network.Nodes[node].Block!) ? End : BackwardAt(node);

    private int LastReadOf(int tensor)
    {
        int last = _network.Heads.Any(head => head.Tensor == tensor) ? LossAt : tensor - 1;
        if (tensor > 0 && _network.Nodes[tensor - 1].Layer is { ReadsOutputBackward: true } && WantsGradient(tensor))
            last = Math.Max(last, EndOf(tensor - 1));
        for (int k = tensor; k < _network.Nodes.Length; k++)
            if (_network.Nodes[k].Sources.Contains(tensor))
                last = Math.Max(last, _network.Nodes[k].Layer is { ReadsInputBackward: true } && WantsGradient(k + 1) ? EndOf(k) : k);
        return last;
    }

    private int FirstGradientOf(int tensor)
    {
        if (_network.Heads.Any(head => head.Tensor == tensor)) return LossAt;
        for (int k = _network.Nodes.Length - 1; k >= tensor; k--)
            if (_network.Nodes[k].Sources.Contains(tensor)) return BackwardAt(k);
        return LossAt;
    }

    private int LastGradientOf(int tensor) => tensor == NetworkBuilder.Input ? End : EndOf(tensor - 1);

    private int PartialSizeOf(int node)
    {
        int size = 0, ports = _network.Nodes[node].Sources.Length;
        for (int port = 0; port < ports; port++)
            if (WantsGradient(node + 1) && WantsGradient(_network.Nodes[node].Sources[port]) && !WritesFirst(node, port))
                size = Math.Max(size, _network.ShapeOf(_network.Nodes[node].Sources[port]).Count);
        return size;
    }

    private int Place(Lifetime life)
    {
        if (life.Size == 0) return None;
        int offset = 0;
        foreach (Lifetime other in _placed.Where(life.Meets).OrderBy(other => other.Offset))
        {
            if (offset + life.Size <= other.Offset) break;
            offset = Math.Max(offset, other.Offset + other.Size);
        }
        _placed.Add(life with { Offset = offset });
        return offset;
    }

    private sealed record Lifetime(int Birth, int Death, int Size, int Offset = 0)
    {
        public bool Meets(Lifetime other) => Birth <= other.Death && other.Birth <= Death;
    }
}
