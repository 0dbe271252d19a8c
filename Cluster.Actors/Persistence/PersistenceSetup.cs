using Cluster.Actors.Persistence.Storage;

namespace Cluster.Actors.Persistence;

/// <summary>What persistent actors of a system are given: <c>setup.With(new PersistenceSetup(store))</c>.</summary>
/// <param name="Store">Where events and snapshots are kept. Closed when the system ends.</param>
public sealed record PersistenceSetup(IPersistenceStore Store)
{
    /// <summary>How long a recovering actor waits for each answer of the store before it fails.</summary>
    public TimeSpan RecoveryEventTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
