using Cluster.Ml.Aggregation;

namespace Cluster.Worker.Training;

/// <summary>One subtree to be computed, cut into equal parts that several threads compute side by side.</summary>
/// <param name="Subtree">What is sent when all parts are done.</param>
/// <param name="Parts">A power of two that divides the subtree.</param>
internal readonly record struct PlannedSubtree(Subtree Subtree, int Parts)
{
    /// <summary>Micro-batches of one part.</summary>
    public int LeavesPerPart => Subtree.Count / Parts;

    /// <summary>The aligned subtree that is this part.</summary>
    public Subtree Part(int index) => new(Subtree.First + (index * LeavesPerPart), LeavesPerPart);
}

/// <summary>Chooses what to compute in one go: few messages, yet work for every thread.</summary>
/// <remarks>
/// What is sent are the largest aligned subtrees of the wanted micro-batches, so traffic does not grow with threads. Each
/// is cut until no part has more than its thread's share of all leaves; by the tree rule the parts combine to the same bits.
/// </remarks>
internal static class WorkPlan
{
    /// <summary>Covers exactly the wanted micro-batches.</summary>
    public static IReadOnlyList<PlannedSubtree> For(ReadOnlySpan<bool> wanted, int threads)
    {
        List<Subtree> cover = [];
        Subtree.Cover(wanted, cover);
        int leaves = 0;
        foreach (Subtree subtree in cover) leaves += subtree.Count;
        int share = LargestPowerOfTwo(Math.Max(1, leaves / Math.Max(1, threads)));

        PlannedSubtree[] plan = new PlannedSubtree[cover.Count];
        for (int i = 0; i < plan.Length; i++)
            plan[i] = new PlannedSubtree(cover[i], Math.Max(1, cover[i].Count / share));
        return plan;
    }

    private static int LargestPowerOfTwo(int atMost) => 1 << int.Log2(atMost);
}
