namespace Cluster.Actors.Membership;

/// <summary>Where a member stands in its life.</summary>
public enum MemberStatus
{
    /// <summary>Known to the cluster, not yet working.</summary>
    Joining = 0,

    /// <summary>Working.</summary>
    Up = 1,

    /// <summary>It has been asked to leave; it still works.</summary>
    Leaving = 2,

    /// <summary>It hands over what it runs.</summary>
    Exiting = 3,

    /// <summary>Declared lost; it must not work.</summary>
    Down = 4,

    /// <summary>Gone for good; the node may come back with a new uid only.</summary>
    Removed = 5,

    /// <summary>Never used here: nobody works before all have agreed on it.</summary>
    WeaklyUp = 6,
}
