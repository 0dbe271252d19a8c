namespace Cluster.Ml.Jobs.Keys;

/// <summary>How many items a list may have.</summary>
/// <param name="Least">The fewest.</param>
/// <param name="Most">The most.</param>
/// <param name="OneForAll">Whether a single value in place of the list stands for every item.</param>
public sealed record CountRange(int Least, int Most, bool OneForAll = false);
