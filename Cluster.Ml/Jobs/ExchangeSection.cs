namespace Cluster.Ml.Jobs;

/// <summary>The keys of training that say how parameter server and workers exchange what they compute.</summary>
internal static class ExchangeSection
{
    /// <summary>Whether late micro-batches are computed twice: none, or { after: 3 }.</summary>
    public static SpeculationSpec? ReadSpeculation(JobMap map)
    {
        if (map.Node("speculation") is null or JobNode.Scalar { Text: "none" }) return null;
        if (map.Map("speculation", "none or { after: 3 }") is not { } rule) return null;
        SpeculationSpec speculation = new(
            rule.Number("after", JobDefaults.SpeculationAfter, value => value is >= 1 and <= 1000, "a number from 1 to 1000"));
        rule.Done();
        return speculation;
    }
}
