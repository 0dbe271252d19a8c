using System.Text.Json.Nodes;

namespace Cluster.Ml.Security.Attacks.Inference;

/// <summary>How well scores tell members from others.</summary>
/// <remarks>
/// Equation  AUC = P(score of a member &gt; score of another) + ½·P(equal);  advantage = max over thresholds of TPR − FPR;
///           TPR at FPR φ: the largest TPR of a threshold whose FPR is at most φ
/// Source    Carlini et al., "Membership Inference Attacks From First Principles", IEEE S&amp;P 2022, § III
/// </remarks>
internal sealed class MembershipScores
{
    private readonly List<(double FalsePositives, double TruePositives)> _curve = [(0, 0)];

    public MembershipScores(IReadOnlyList<double> scores, IReadOnlyList<bool> members)
    {
        int inside = members.Count(member => member), outside = members.Count - inside;
        if (inside == 0 || outside == 0) throw new ArgumentException("MembershipScores: wanted members and others, got one kind alone.", nameof(members));
        int[] order = [.. Enumerable.Range(0, scores.Count).OrderByDescending(row => scores[row]).ThenBy(row => row)];
        long hits = 0, misses = 0;
        double area = 0;
        for (int i = 0; i < order.Length;)
        {
            (long before, long wrong) = (hits, misses);
            double score = scores[order[i]];
            for (; i < order.Length && scores[order[i]] == score; i++)
                if (members[order[i]]) hits++;
                else misses++;
            area += (misses - wrong) * (before + hits) / 2.0;
            _curve.Add(((double)misses / outside, (double)hits / inside));
        }
        Auc = area / ((double)inside * outside);
        Advantage = _curve.Max(point => point.TruePositives - point.FalsePositives);
    }

    public double Auc { get; }

    public double Advantage { get; }

    public double TruePositivesAt(double falsePositives) => _curve.Where(point => point.FalsePositives <= falsePositives).Max(point => point.TruePositives);

    public void AddTo(JsonObject figures)
    {
        figures["auc"] = Auc;
        figures["tpr_at_fpr_001"] = TruePositivesAt(0.001);
        figures["tpr_at_fpr_01"] = TruePositivesAt(0.01);
        figures["advantage"] = Advantage;
    }
}
