namespace Cluster.Actors.Persistence.Storage;

/// <summary>The database could not be reached for so long that a request was given up.</summary>
public sealed class StoreUnreachableException(string store, TimeSpan waited, Exception cause)
    : IOException($"{store}: wanted an answer of the database, got none for {waited.TotalSeconds:F1} s: {cause.Message}; is the server running and reachable?", cause);
