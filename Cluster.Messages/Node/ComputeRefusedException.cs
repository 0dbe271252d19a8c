namespace Cluster.Messages.Node;

/// <summary>A compute pool did not take, or did not begin, a piece of work.</summary>
/// <param name="pool">The pool's name.</param>
/// <param name="reason">What was wanted and what was found.</param>
public sealed class ComputeRefusedException(string pool, string reason)
    : InvalidOperationException($"compute pool {pool}: {reason}")
{
    /// <summary>The pool's name.</summary>
    public string Pool { get; } = pool;
}
