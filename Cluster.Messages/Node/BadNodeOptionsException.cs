namespace Cluster.Messages.Node;

/// <summary>A node cannot be started with these options; all that is wrong with them is said at once.</summary>
/// <param name="errors">One line each: option, wanted, got.</param>
public sealed class BadNodeOptionsException(ImmutableArray<string> errors)
    : ArgumentException($"node options: {string.Join("; ", errors)}.")
{
    /// <summary>One line each: option, wanted, got.</summary>
    public ImmutableArray<string> Errors { get; } = errors;
}
