namespace Cluster.Messages.Node;

/// <summary>A node's journal cannot be opened, so the node does not start.</summary>
/// <param name="journal">Which file or database.</param>
/// <param name="cause">What opening it said.</param>
public sealed class JournalUnavailableException(string journal, Exception cause)
    : IOException($"{journal}: wanted a journal that can be opened and written, got: {cause.Message}; check the path, its rights and the space left.", cause)
{
    /// <summary>Which file or database.</summary>
    public string Journal { get; } = journal;
}
