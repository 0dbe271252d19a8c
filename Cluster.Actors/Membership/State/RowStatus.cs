namespace Cluster.Actors.Membership.State;

/// <summary>A member's life as gossip carries it; it only ever grows, so two tables merge by taking the greater.</summary>
internal enum RowStatus : byte
{
    Joining = 0,
    Up = 1,
    Leaving = 2,
    Exiting = 3,

    /// <summary>Exiting, and the member itself has said that it has handed everything over.</summary>
    Exited = 4,
    Down = 5,
    Removed = 6,
}
