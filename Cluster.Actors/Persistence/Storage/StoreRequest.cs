namespace Cluster.Actors.Persistence.Storage;

/// <summary>One thing to do on a store's thread.</summary>
/// <param name="Token">What it is written under; null for what writes nothing. Writes share a commit with their neighbours, all else comes between commits.</param>
/// <param name="Effect">Does it; may be run again where the connection was lost on the way.</param>
/// <param name="Completed">Hears the outcome, after the commit.</param>
internal sealed record StoreRequest(long? Token, Action Effect, Action<Exception?> Completed);
