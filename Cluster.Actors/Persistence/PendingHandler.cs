namespace Cluster.Actors.Persistence;

/// <summary>What to do once an event has been written.</summary>
/// <param name="Stashing">Whether commands wait for it.</param>
/// <param name="Run">The handler.</param>
internal sealed record PendingHandler(bool Stashing, Action<object> Run);
