namespace Cluster.Messages;

// Between nodes that should be members of one cluster, and may be of two.
//
// SplitWatch ── ClusterSighted, asking ──▶ SplitWatch       a seed that the node was told of is no member of its cluster; repeated while it is not
// SplitWatch ◀── ClusterSighted ── SplitWatch               the node that was asked is a member of another cluster

/// <summary>Says which cluster a node is a member of. PROTOCOL.md: ClusterSighted.</summary>
/// <param name="Cluster">The cluster: its oldest member, with its life.</param>
/// <param name="Members">How many members it has.</param>
/// <param name="IsQuestion">Whether the same is wanted of the other.</param>
public sealed record ClusterSighted(string Cluster, int Members, bool IsQuestion) : IClusterMessage
{
    /// <summary>Whether the members of this cluster give way to those of another: the smaller does, of equal ones the one whose name is the later.</summary>
    /// <param name="other">The other.</param>
    public bool GivesWayTo(ClusterSighted other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Cluster != other.Cluster
            && (Members < other.Members || (Members == other.Members && string.CompareOrdinal(Cluster, other.Cluster) > 0));
    }
}
