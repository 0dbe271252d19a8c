namespace Cluster.Actors.Persistence;

/// <summary>The events could not be deleted.</summary>
public sealed record DeleteMessagesFailure(Exception Cause, long ToSequenceNr);
