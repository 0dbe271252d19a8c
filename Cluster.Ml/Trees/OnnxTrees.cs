using Cluster.Ml.Export.Onnx;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees;

/// <summary>Trees as operators: TreeEnsembleRegressor finds the leaf of each tree, whose numbers are looked up in double precision.</summary>
/// <remarks>
/// Shapes  rows [rows, p] in double precision → [rows, trees, width]
/// Range   thresholds stay doubles; the operator's output is single precision, in which the numbers of leaves below 2²⁴ are exact
/// Source  "ONNX Operator Schemas, ai.onnx.ml", TreeEnsembleRegressor, version 3
/// </remarks>
/// <param name="width">Numbers of a leaf.</param>
internal sealed class OnnxTrees(int width)
{
    private const int LeavesMax = 1 << 24;

    private readonly List<long> _trees = [], _nodes = [], _features = [], _left = [], _right = [], _firsts = [];
    private readonly List<long> _leafTrees = [], _leafNodes = [];
    private readonly List<string> _modes = [];
    private readonly List<double> _thresholds = [], _leafNumbers = [], _values = [];

    /// <summary>Writes the numbers of a leaf, [width].</summary>
    public delegate void LeafValues(NodeTable.Node node, Span<double> values);

    /// <summary>Numbers of a leaf.</summary>
    public int Width => width;

    /// <summary>Adds a tree.</summary>
    /// <param name="nodes">Its nodes among others.</param>
    /// <param name="root">Where it begins.</param>
    /// <param name="valuesOf">What a leaf says.</param>
    public void Add(NodeTable nodes, int root, LeafValues valuesOf)
    {
        long tree = _firsts.Count;
        int first = _values.Count / width;
        _firsts.Add(first);
        double[] values = new double[width];
        List<int> places = [root];
        for (int number = 0; number < places.Count; number++)
        {
            NodeTable.Node node = nodes[places[number]];
            bool splits = node.IsSplit;
            AddNode(tree, number, splits, splits ? (long)node.Feature : 0, splits ? node.Threshold : 0, splits ? places.Count : 0);
            if (splits)
            {
                places.Add((int)node.Left);
                places.Add((int)node.Left + 1);
                continue;
            }
            _leafTrees.Add(tree);
            _leafNodes.Add(number);
            _leafNumbers.Add((_values.Count / width) - first);
            valuesOf(node, values);
            _values.AddRange(values);
        }
        if ((_values.Count / width) - first > LeavesMax)
            throw new InvalidOperationException($"OnnxTrees: wanted at most {LeavesMax} leaves in a tree, got {(_values.Count / width) - first}.");
    }

    /// <summary>Adds the operators.</summary>
    public string Write(OnnxModel model)
    {
        OnnxGraph graph = model.Graph;
        string found = graph.AddTrees(
            "TreeEnsembleRegressor", [model.Rows],
            OnnxAttribute.Of("n_targets", _firsts.Count), OnnxAttribute.Of("aggregate_function", "SUM"), OnnxAttribute.Of("post_transform", "NONE"),
            OnnxAttribute.Of("nodes_treeids", _trees), OnnxAttribute.Of("nodes_nodeids", _nodes), OnnxAttribute.Of("nodes_featureids", _features),
            OnnxAttribute.Of("nodes_modes", _modes), OnnxAttribute.Of("nodes_values_as_tensor", Tensor(_thresholds)),
            OnnxAttribute.Of("nodes_truenodeids", _left), OnnxAttribute.Of("nodes_falsenodeids", _right),
            OnnxAttribute.Of("target_treeids", _leafTrees), OnnxAttribute.Of("target_nodeids", _leafNodes), OnnxAttribute.Of("target_ids", _leafTrees),
            OnnxAttribute.Of("target_weights_as_tensor", Tensor(_leafNumbers)));
        string leaves = graph.Add("Add", [graph.Cast(found, OnnxType.Int64), graph.Wholes([.. _firsts])]);
        string values = graph.Constant(OnnxTensor.Of(_values.ToArray(), _values.Count / width, width));
        return graph.Add("Gather", [values, leaves]);
    }

    private void AddNode(long tree, int number, bool splits, long feature, double threshold, int left)
    {
        _trees.Add(tree);
        _nodes.Add(number);
        _features.Add(feature);
        _modes.Add(splits ? "BRANCH_LEQ" : "LEAF");
        _thresholds.Add(threshold);
        _left.Add(left);
        _right.Add(splits ? left + 1 : 0);
    }

    private static OnnxTensor Tensor(List<double> values) => OnnxTensor.Of(values.ToArray(), values.Count);
}
