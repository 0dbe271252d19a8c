namespace Cluster.Actors.Persistence.Storage;

/// <summary>One thing to do on the store's thread.</summary>
/// <param name="Writes">Whether it may share a commit with its neighbours; reads come between commits.</param>
/// <param name="Effect">Does it.</param>
/// <param name="Completed">Hears the outcome, after the commit.</param>
internal sealed record SqliteRequest(bool Writes, Action Effect, Action<Exception?> Completed);
