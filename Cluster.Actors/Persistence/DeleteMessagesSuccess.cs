namespace Cluster.Actors.Persistence;

/// <summary>The events up to this number are gone.</summary>
public sealed record DeleteMessagesSuccess(long ToSequenceNr);
