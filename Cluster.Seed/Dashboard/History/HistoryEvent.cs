namespace Cluster.Seed.Dashboard.History;

/// <summary>Something that happened, for a person.</summary>
/// <param name="At">When this seed heard of it.</param>
/// <param name="Text">What.</param>
public sealed record HistoryEvent(DateTimeOffset At, string Text);

/// <summary>A node that the cluster lost, and when training went on without it.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Roles">What it did.</param>
/// <param name="At">When it fell silent.</param>
/// <param name="Removed">When it was given up; null if it was not, or is back.</param>
/// <param name="Back">When it was heard again; null if it was not.</param>
/// <param name="Healed">The first progress of each job that ran, after the loss.</param>
public sealed record NodeLoss(
    string Node, ImmutableArray<string> Roles, DateTimeOffset At, DateTimeOffset? Removed, DateTimeOffset? Back, ImmutableArray<JobHealed> Healed);

/// <summary>A job went on after a loss.</summary>
/// <param name="Job">Which.</param>
/// <param name="At">When its first new step was reported.</param>
/// <param name="Step">Which step that was.</param>
/// <param name="Workers">How many workers held its shards then.</param>
public sealed record JobHealed(string Job, DateTimeOffset At, long Step, int Workers);
