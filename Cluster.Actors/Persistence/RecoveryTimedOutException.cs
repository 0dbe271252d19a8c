namespace Cluster.Actors.Persistence;

/// <summary>The store did not answer in time during a recovery.</summary>
public sealed class RecoveryTimedOutException(string message) : Exception(message);
