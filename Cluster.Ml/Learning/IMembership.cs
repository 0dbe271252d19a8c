namespace Cluster.Ml.Learning;

/// <summary>A learner that says more of a row than its cluster, or its action: how far it belongs to each.</summary>
public interface IMembership
{
    /// <summary>What each number beside the cluster or action is called; they stand in the place of class scores in <see cref="IContributor.Predict"/>.</summary>
    IReadOnlyList<string> MembershipNames { get; }
}
