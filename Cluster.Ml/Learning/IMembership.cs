namespace Cluster.Ml.Learning;

/// <summary>A learner of clusters that a row belongs to by degrees, and that says more of a row than the cluster.</summary>
public interface IMembership
{
    /// <summary>What each number beside the cluster is called; they stand in the place of class scores in <see cref="IContributor.Predict"/>.</summary>
    IReadOnlyList<string> MembershipNames { get; }
}
