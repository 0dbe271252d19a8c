using System.Globalization;
using System.Text;
using Cluster.Ml.Export;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Reports;

/// <summary>The top of a tree as a drawing: a question in each node, its left branch if the answer is yes.</summary>
internal static class TreeSection
{
    private const int LevelsMax = 3, BoxWidth = 112, BoxHeight = 46, GapX = 6, GapY = 34, LabelMax = 18;
    private const string Nodes = "node_feature_threshold_left_rows";

    /// <summary>Whether a model is one tree.</summary>
    public static bool IsTree(ILearner learner, SavedModel saved) => TableOf(learner, saved) is not null;

    public static void AppendTo(HtmlText page, SavedModel saved, ILearner learner)
    {
        Dictionary<int, TreeNode> nodes = NodesOf(TableOf(learner, saved)!);
        ModelSummary summary = learner.Summarize(saved.Model.State);
        Name(nodes, saved.Shape.FeatureNames, [.. summary.Rows.Select(row => row[^1])]);
        page.Heading("Tree");
        page.Paragraph($"{summary.Title}. Where a question holds, the way is to the left. Shown are its first {LevelsMax + 1} levels; `cluster inspect` writes out more.");
        Drawing drawing = new(nodes);
        int across = drawing.Place(nodes[0], 0);
        page.Markup($"<div class=\"wide\"><svg role=\"img\" aria-label=\"the first levels of the tree\" width=\"{across}\" height=\"{(LevelsMax + 1) * (BoxHeight + GapY)}\" "
            + $"font-family=\"sans-serif\" font-size=\"11\">{drawing.Lines}{drawing.Boxes}</svg></div>");
    }

    private static LearnedNumbers? TableOf(ILearner learner, SavedModel saved) =>
        (learner as ILearnedNumbers)?.Learned(saved.Model.State, saved.Preprocessing).FirstOrDefault(numbers => numbers.Name == Nodes);

    private static Dictionary<int, TreeNode> NodesOf(LearnedNumbers table)
    {
        Dictionary<int, TreeNode> nodes = [];
        for (int row = 0; row < table.Shape[0]; row++)
        {
            double[] cells = [.. table.Values.Skip(row * table.Shape[1]).Take(table.Shape[1])];
            nodes[(int)cells[0]] = new TreeNode((int)cells[1], cells[2], (int)cells[3], cells[4]);
        }
        return nodes;
    }

    /// <summary>A summary lists what nodes say in the order of a walk to the left first, as far as it goes.</summary>
    private static void Name(Dictionary<int, TreeNode> nodes, IReadOnlyList<string> features, string[] said)
    {
        Stack<int> next = new([0]);
        for (int at = 0; next.Count > 0; at++)
        {
            TreeNode node = nodes[next.Pop()];
            node.Says = at < said.Length ? said[at] : "";
            if (node.Feature < 0) continue;
            node.Question = $"{Cut(features[node.Feature])} ≤ {node.Threshold.ToString("G4", CultureInfo.InvariantCulture)}";
            next.Push(node.Left + 1);
            next.Push(node.Left);
        }
    }

    private static string Cut(string text) => text.Length <= LabelMax ? text : $"{text[..(LabelMax - 1)]}…";

    private sealed class TreeNode(int feature, double threshold, int left, double rows)
    {
        public int Feature => feature;

        public double Threshold => threshold;

        public int Left => left;

        public double Rows => rows;

        public string Question { get; set; } = "";

        public string Says { get; set; } = "";

        public int Middle { get; set; }
    }

    /// <summary>Boxes from the leaves up: a parent stands over the middle of its children.</summary>
    private sealed class Drawing(Dictionary<int, TreeNode> nodes)
    {
        private int _next;

        public StringBuilder Lines { get; } = new();

        public StringBuilder Boxes { get; } = new();

        /// <summary>Draws a node and all below it; the width of the drawing.</summary>
        public int Place(TreeNode node, int level)
        {
            bool isOpen = node.Feature >= 0 && level < LevelsMax;
            if (!isOpen)
            {
                node.Middle = _next + (BoxWidth / 2);
                _next += BoxWidth + GapX;
            }
            else
            {
                TreeNode[] children = [nodes[node.Left], nodes[node.Left + 1]];
                foreach (TreeNode child in children) Place(child, level + 1);
                node.Middle = (children[0].Middle + children[1].Middle) / 2;
                foreach (TreeNode child in children)
                    Lines.Append($"<line x1=\"{node.Middle}\" y1=\"{TopOf(level) + BoxHeight}\" x2=\"{child.Middle}\" y2=\"{TopOf(level + 1)}\" stroke=\"#999\"/>");
            }
            Draw(node, level, isOpen);
            return _next;
        }

        private void Draw(TreeNode node, int level, bool isOpen)
        {
            string head = node.Feature < 0 ? Cut(node.Says) : isOpen ? node.Question : "…";
            string rows = string.Create(CultureInfo.InvariantCulture, $"{node.Rows:F0} rows"), fill = node.Feature < 0 ? "#e8f1e4" : isOpen ? "#e6eef8" : "#eee";
            string below = node.Feature < 0 || node.Says.Length == 0 ? rows : $"{rows}, {Cut(node.Says)}";
            Boxes.Append($"<rect x=\"{node.Middle - (BoxWidth / 2)}\" y=\"{TopOf(level)}\" width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"4\" fill=\"{fill}\" stroke=\"#999\"/>")
                .Append($"<text x=\"{node.Middle}\" y=\"{TopOf(level) + 19}\" text-anchor=\"middle\">{HtmlText.Encode(head)}</text>")
                .Append($"<text x=\"{node.Middle}\" y=\"{TopOf(level) + 36}\" text-anchor=\"middle\" fill=\"#555\">{HtmlText.Encode(below)}</text>");
        }

        private static int TopOf(int level) => 4 + (level * (BoxHeight + GapY));
    }
}
