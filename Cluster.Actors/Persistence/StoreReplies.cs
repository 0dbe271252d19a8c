using Cluster.Actors.Persistence.Storage;

namespace Cluster.Actors.Persistence;

/// <summary>What a store's answer becomes in the actor's mailbox. Answers to an earlier incarnation are dropped.</summary>
internal abstract record StoreReply(object Incarnation) : INoSerializationVerificationNeeded;

internal sealed record SnapshotLoaded(object Incarnation, SnapshotRead? Read, Exception? Error) : StoreReply(Incarnation);

internal sealed record EventsRead(object Incarnation, EventPage? Page, Exception? Error) : StoreReply(Incarnation);

internal sealed record RecoveryTick(object Incarnation, int Generation) : StoreReply(Incarnation);

internal sealed record EventWritten(object Incarnation, object Event, long SequenceNr) : StoreReply(Incarnation);

internal sealed record EventRejected(object Incarnation, object Event, long SequenceNr, Exception Cause) : StoreReply(Incarnation);

internal sealed record EventFailed(object Incarnation, object Event, long SequenceNr, Exception Cause) : StoreReply(Incarnation);

internal sealed record EventDeferred(object Incarnation, object Event) : StoreReply(Incarnation);

internal sealed record BatchWritten(object Incarnation) : StoreReply(Incarnation);
