namespace Cluster.Actors.Persistence.Storage;

/// <summary>One access to a stream that a store let through.</summary>
/// <param name="PersistenceId">The stream.</param>
/// <param name="Token">Of whoever asked; 0 without one.</param>
/// <param name="Writes">Whether events were appended; else they were read.</param>
public readonly record struct StoreAccess(string PersistenceId, long Token, bool Writes);
