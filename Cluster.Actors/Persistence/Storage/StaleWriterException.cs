namespace Cluster.Actors.Persistence.Storage;

/// <summary>The store knows a newer writer: whoever wrote under this token has lost its authority and must stop.</summary>
public sealed class StaleWriterException(string store, long got, long newest)
    : Exception($"{store}: wanted to write under token {got}, got a store that belongs to token {newest}; "
        + "another writer has taken over, or this one has not taken over yet")
{
    /// <summary>The token of the write that was refused; 0 for a writer without one.</summary>
    public long Token { get; } = got;

    /// <summary>The token whose holder may write.</summary>
    public long NewestToken { get; } = newest;
}
