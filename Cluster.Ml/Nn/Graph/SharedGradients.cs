using Cluster.Ml.Nn.Layers;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Nn.Graph;

/// <summary>Sums the gradients of parameters that several nodes of one network use.</summary>
/// <remarks>
/// Equation  Pₘ = Σ over the nodes of the gradient of micro-batch m;  S(first, 2c) = S(first, c) + S(first + c, c)
/// Range     bit for bit what single micro-batches combined give: that is why the nodes are added first and the micro-batches after
/// Cost      one vector a level of the tree and one more, kept for the next step
/// </remarks>
internal sealed class SharedGradients
{
    private readonly Network _network;
    private readonly int[][] _nodesOf;
    private readonly bool[] _has;
    private readonly List<float[]> _levels = [];
    private readonly float[] _partial;
    private readonly int _length;

    public SharedGradients(Network network)
    {
        _network = network;
        _length = network.SharedBlocks.Max(block => block.Count);
        _partial = new float[_length];
        _nodesOf = [.. network.SharedBlocks.Select(block => Enumerable.Range(0, network.Nodes.Length).Where(k => network.Nodes[k] is { Trained: true } node && node.Block == block).ToArray())];
        _has = [.. Enumerable.Range(0, network.Nodes.Length).Select(k => _nodesOf.Any(nodes => nodes.Contains(k)))];
    }

    /// <summary>Whether the gradient of a node's parameters is summed here.</summary>
    public bool Has(int node) => _has[node];

    /// <summary>Writes the gradients of all shared blocks.</summary>
    public void Sum(NetworkPass pass, ReadOnlySpan<float> parameters, ReadOnlySpan<int> ends, Span<float> gradient)
    {
        for (int i = 0; i < _nodesOf.Length; i++)
            Sum(pass, parameters, _nodesOf[i], 0, ends, _network.SharedBlocks[i].GradientOf(gradient), 0);
    }

    private void Sum(
        NetworkPass pass, ReadOnlySpan<float> parameters, int[] nodes, int firstRow, ReadOnlySpan<int> ends, Span<float> sum, int level)
    {
        if (ends.Length == 1)
        {
            SumLeaf(pass, parameters, nodes, firstRow, ends[0] - firstRow, sum);
            return;
        }
        if (_levels.Count == level) _levels.Add(new float[_length]);
        int half = ends.Length / 2;
        Span<float> right = _levels[level].AsSpan(0, sum.Length);
        Sum(pass, parameters, nodes, firstRow, ends[..half], sum, level + 1);
        Sum(pass, parameters, nodes, ends[half - 1], ends[half..], right, level + 1);
        Reductions.Add(right, sum);
    }

    private void SumLeaf(NetworkPass pass, ReadOnlySpan<float> parameters, int[] nodes, int firstRow, int rows, Span<float> sum)
    {
        Span<float> partial = _partial.AsSpan(0, sum.Length);
        for (int i = 0; i < nodes.Length; i++)
        {
            Layer layer = _network.Nodes[nodes[i]].Layer!;
            layer.BackwardParameters(pass.PassOf(nodes[i], parameters, firstRow, rows), [rows], i == 0 ? sum : partial);
            if (i > 0) Reductions.Add(partial, sum);
        }
    }
}
