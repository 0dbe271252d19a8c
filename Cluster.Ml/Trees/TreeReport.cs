using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Learning;
using Cluster.Ml.Trees.Growth;

namespace Cluster.Ml.Trees;

/// <summary>Tells a tree to a person, or by name to a program.</summary>
internal static class TreeReport
{
    private const int NodesShown = 200;

    /// <summary>What a node says, in words.</summary>
    public delegate string Saying(NodeTable.Node node);

    /// <summary>Its nodes as questions, each below the one that leads to it.</summary>
    public static ModelSummary Summarize(NodeTable nodes, DataShape shape, Saying saying, IEnumerable<string> notes)
    {
        (int count, int leaves, int depth) = Sizes(nodes);
        List<IReadOnlyList<string>> rows = [];
        Stack<(int Node, string Question)> next = new([(0, "all rows")]);
        while (next.Count > 0 && rows.Count < NodesShown)
        {
            (int at, string question) = next.Pop();
            NodeTable.Node node = nodes[at];
            rows.Add([new string(' ', 2 * (int)node.Depth) + question, Text(node.Rows), saying(node)]);
            if (!node.IsSplit) continue;
            string name = shape.FeatureNames[(int)node.Feature], threshold = Text(node.Threshold);
            next.Push(((int)node.Left + 1, $"{name} > {threshold}"));
            next.Push(((int)node.Left, $"{name} <= {threshold}"));
        }
        return new ModelSummary(
            string.Create(CultureInfo.InvariantCulture, $"tree of {count} nodes, {leaves} of them leaves, depth {depth}"), ["node", "rows", "says"], rows,
            [.. count > rows.Count ? [$"{count - rows.Count} nodes are not shown"] : (string[])[], .. notes]);
    }

    /// <summary>nodes, leaves and depth; and of each node its feature (−1 for a leaf), threshold in the source's units, left child and rows.</summary>
    public static IReadOnlyList<LearnedNumbers> Learned(NodeTable nodes, Scaler scaler)
    {
        (int count, int leaves, int depth) = Sizes(nodes);
        List<double> table = [];
        for (int i = 0; i < nodes.Count; i++)
        {
            NodeTable.Node node = nodes[i];
            if (!node.Exists) continue;
            int feature = (int)node.Feature;
            double threshold = node.IsSplit ? (node.Threshold * scaler.DivisorOf(feature)) + scaler.OffsetOf(feature) : 0;
            table.AddRange([i, node.IsSplit ? feature : -1, threshold, node.IsSplit ? node.Left : -1, node.Rows]);
        }
        return [
            LearnedNumbers.Scalar("nodes", count), LearnedNumbers.Scalar("leaves", leaves), LearnedNumbers.Scalar("depth", depth),
            LearnedNumbers.Matrix("node_feature_threshold_left_rows", 5, table)];
    }

    /// <summary>How many nodes and leaves, and how many splits are above the deepest.</summary>
    public static (int Nodes, int Leaves, int Depth) Sizes(NodeTable nodes)
    {
        (int count, int leaves, int depth) = (0, 0, 0);
        for (int i = 0; i < nodes.Count; i++)
        {
            if (!nodes[i].Exists) continue;
            count++;
            if (!nodes[i].IsSplit) leaves++;
            depth = Math.Max(depth, (int)nodes[i].Depth);
        }
        return (count, leaves, depth);
    }

    public static string Text(double number) => number.ToString("G6", CultureInfo.InvariantCulture);
}
