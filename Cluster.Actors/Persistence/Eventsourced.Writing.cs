using Cluster.Actors.Persistence.Storage;

namespace Cluster.Actors.Persistence;

public abstract partial class Eventsourced
{
    protected internal override bool AroundReceive(Receive receive, object message)
    {
        if (message is StoreReply reply && !ReferenceEquals(reply.Incarnation, _incarnation)) return true;
        switch (_phase)
        {
            case Phase.LoadingSnapshot or Phase.Replaying:
                OnRecovering(message);
                break;
            case Phase.ProcessingCommands when message is not StoreReply:
                OnCommand(receive, message);
                break;
            case Phase.PersistingEvents when message is not StoreReply:
                KeepForLater();
                break;
            default:
                OnStoreReply(message);
                break;
        }

        return true;
    }

    private void OnCommand(Receive receive, object message)
    {
        bool failed = true;
        try
        {
            base.AroundReceive(receive, message);
            failed = false;
        }
        finally
        {
            FlushBatch();
            if (_stashingHandlers > 0) _phase = Phase.PersistingEvents;
            else Unkeep(failed);
        }
    }

    private void OnStoreReply(object message)
    {
        switch (message)
        {
            case EventWritten written:
                LastSequenceNr = Math.Max(LastSequenceNr, written.SequenceNr);
                RunHandler(written.Event);
                break;
            case EventDeferred deferred:
                RunHandler(deferred.Event);
                break;
            case EventRejected rejected:
                LastSequenceNr = Math.Max(LastSequenceNr, rejected.SequenceNr);
                DropHandler(failed: false);
                OnPersistRejected(rejected.Cause, rejected.Event, rejected.SequenceNr);
                break;
            case EventFailed failed:
                DropHandler(failed: false);
                FailPersist(failed);
                break;
            case BatchWritten:
                _isWriteInProgress = false;
                FlushJournalBatch();
                break;
        }
    }

    private void RunHandler(object written)
    {
        bool failed = true;
        try
        {
            _pendingHandlers.First!.Value.Run(written);
            failed = false;
        }
        finally
        {
            FlushBatch();
            DropHandler(failed);
        }
    }

    private void FailPersist(EventFailed failed)
    {
        try
        {
            OnPersistFailure(failed.Cause, failed.Event, failed.SequenceNr);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    /// <summary>The first pending handler is settled; the next kept command may come once none is left that holds commands back.</summary>
    private void DropHandler(bool failed)
    {
        PendingHandler settled = _pendingHandlers.First!.Value;
        _pendingHandlers.RemoveFirst();
        if (settled.Stashing) _stashingHandlers--;
        if (_stashingHandlers > 0)
        {
            // A handler of PersistAsync may itself have called Persist.
            _phase = Phase.PersistingEvents;
            return;
        }

        _phase = Phase.ProcessingCommands;
        Unkeep(failed);
    }

    private void FlushBatch()
    {
        _journalBatch.AddRange(_eventBatch);
        _eventBatch.Clear();
        FlushJournalBatch();
    }

    /// <summary>Writes what has gathered while the last write was under way, as one.</summary>
    private void FlushJournalBatch()
    {
        if (_isWriteInProgress || _journalBatch.Count == 0) return;
        List<PendingWrite> batch = _journalBatch;
        _journalBatch = [];
        _isWriteInProgress = true;

        List<StoredEvent> stored = [];
        Exception?[] rejections = new Exception?[batch.Count];
        for (int index = 0; index < batch.Count; index++) rejections[index] = Encode(batch[index], stored);
        IActorRef self = Self;
        object incarnation = _incarnation;
        if (stored.Count == 0) Report(self, incarnation, batch, rejections, null);
        else _store.Write(stored, error => Report(self, incarnation, batch, rejections, error));
    }

    private UnknownManifestException? Encode(PendingWrite write, List<StoredEvent> stored)
    {
        if (!write.Persistent) return null;
        try
        {
            List<StoredEvent> encoded = [];
            for (int index = 0; index < write.Events.Length; index++)
                encoded.Add(_codec.Encode(PersistenceId, write.FirstSequenceNr + index, write.Events[index]));
            stored.AddRange(encoded);
            return null;
        }
        catch (UnknownManifestException unknown)
        {
            return unknown;
        }
    }

    /// <summary>May run on the store's thread: it only tells.</summary>
    private static void Report(IActorRef self, object incarnation, List<PendingWrite> batch, Exception?[] rejections, Exception? error)
    {
        for (int index = 0; index < batch.Count; index++)
        {
            PendingWrite write = batch[index];
            for (int offset = 0; offset < write.Events.Length; offset++)
            {
                object written = write.Events[offset];
                long number = write.FirstSequenceNr + offset;
                StoreReply reply = !write.Persistent && error is null ? new EventDeferred(incarnation, written)
                    : rejections[index] is { } rejection ? new EventRejected(incarnation, written, number, rejection)
                    : error is not null ? new EventFailed(incarnation, written, number, error)
                    : new EventWritten(incarnation, written, number);
                self.Tell(reply, write.Sender);
            }
        }

        self.Tell(new BatchWritten(incarnation), self);
    }

    private void KeepForLater() => ((IStash)_internalStash).Stash();

    private void Unkeep(bool all)
    {
        if (all) _internalStash.UnstashAll();
        else _internalStash.Unstash();
    }
}
