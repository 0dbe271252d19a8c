namespace Cluster.Actors.Membership;

/// <summary>When a member that cannot be heard is declared lost.</summary>
public sealed record DowningSettings
{
    /// <summary>Whether the cluster decides by itself. Off: only <see cref="Cluster.Down"/> declares a member lost.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How long the view must have stood. Too short: a hiccup costs a node. Too long: work waits.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How much longer the majority waits than the minority, so that what runs on a lost node has stopped.</summary>
    public TimeSpan RemovalMargin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Only members of this role are counted; null counts all.</summary>
    public string? Role { get; init; }
}
