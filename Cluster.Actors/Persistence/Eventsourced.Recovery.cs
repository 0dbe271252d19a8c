using Cluster.Actors.Persistence.Storage;

namespace Cluster.Actors.Persistence;

public abstract partial class Eventsourced
{
    /// <summary>Events asked for at a time, so that a long stream does not fill the memory.</summary>
    private const int ReplayPageEvents = 256;

    private readonly TimeSpan _recoveryTimeout;
    private long _replayLeft;
    private long _replayTo;
    private int _waits;
    private ICancelable? _recoveryTimer;

    protected internal override void AroundPreStart()
    {
        StartRecovery();
        base.AroundPreStart();
    }

    protected internal override void AroundPreRestart(Exception cause, object message)
    {
        ReleaseStashes();
        FlushJournalBatch();
        base.AroundPreRestart(cause, message is EventWritten written ? written.Event : message);
    }

    protected internal override void AroundPostRestart(Exception cause, object message)
    {
        StartRecovery();
        base.AroundPostRestart(cause, message);
    }

    protected internal override void AroundPostStop()
    {
        _recoveryTimer?.Cancel();
        ReleaseStashes();
        base.AroundPostStop();
    }

    private void StartRecovery()
    {
        if (string.IsNullOrEmpty(PersistenceId))
            throw new InvalidOperationException($"{Self.Path}: PersistenceId: wanted a name, got none; return one that no other actor has.");
        _phase = Phase.LoadingSnapshot;
        _replayTo = Recovery.ToSequenceNr;
        _replayLeft = Recovery.ReplayMax;
        AwaitStore();
        LoadSnapshot(SnapshotterId, Recovery.FromSnapshot, _replayTo);
    }

    private void OnRecovering(object message)
    {
        switch (message)
        {
            case SnapshotLoaded loaded when _phase == Phase.LoadingSnapshot:
                OnSnapshotLoaded(loaded);
                break;
            case EventsRead read when _phase == Phase.Replaying:
                OnEventsRead(read);
                break;
            case RecoveryTick tick when tick.Generation == _waits:
                FailRecovery(new RecoveryTimedOutException(
                    $"{PersistenceId}: recovery: wanted an answer of the store within {_recoveryTimeout.TotalSeconds} s after event {LastSequenceNr}, got none"), null);
                break;
            case StoreReply:
                break;
            default:
                KeepForLater();
                break;
        }
    }

    private void OnSnapshotLoaded(SnapshotLoaded loaded)
    {
        if (loaded.Error is not null)
        {
            FailRecovery(loaded.Error, null);
            return;
        }

        foreach (DamagedRecordException damaged in loaded.Read!.Damaged) Log.Error(damaged, "{0}: {1}; an older snapshot is used", PersistenceId, damaged.Message);
        if (loaded.Read.Snapshot is { } stored && !TryRecover(() => Offer(stored))) return;
        _phase = Phase.Replaying;
        ReadPage();
    }

    private SnapshotOffer Offer(StoredSnapshot stored)
    {
        LastSequenceNr = stored.Metadata.SequenceNr;
        return new SnapshotOffer(stored.Metadata, _codec.Decode(stored));
    }

    private void OnEventsRead(EventsRead read)
    {
        if (read.Error is not null)
        {
            FailRecovery(read.Error, null);
            return;
        }

        EventPage page = read.Page!;
        if (page.DeletedTo > LastSequenceNr && LastSequenceNr > 0 && page.Events.IsEmpty is false)
        {
            FailRecovery(new InvalidOperationException(
                $"{PersistenceId}: recovery: wanted the events from {LastSequenceNr + 1} on, got a stream whose events up to {page.DeletedTo} were deleted; "
                + "the snapshot that they were deleted for is missing or damaged"), null);
            return;
        }

        foreach (StoredEvent stored in page.Events)
        {
            LastSequenceNr = stored.SequenceNr;
            _replayLeft--;
            if (!TryRecover(() => _codec.Decode(stored))) return;
        }

        if (page.Events.Length == ReplayPageEvents && _replayLeft > 0 && LastSequenceNr < _replayTo) ReadPage();
        else CompleteRecovery(page.HighestSequenceNr);
    }

    private void ReadPage()
    {
        IActorRef self = Self;
        object incarnation = _incarnation;
        AwaitStore();
        int count = (int)Math.Min(ReplayPageEvents, _replayLeft);
        _store.Read(PersistenceId, LastSequenceNr + 1, _replayTo, count, (page, error) => self.Tell(new EventsRead(incarnation, page, error), self));
    }

    /// <summary>Has the actor take in one recovered thing. What it throws ends the recovery and the actor.</summary>
    private bool TryRecover(Func<object> decode)
    {
        object? recovered = null;
        try
        {
            recovered = decode();
            base.AroundReceive(ReceiveRecover, recovered);
            return true;
        }
        catch (Exception cause)
        {
            FailRecovery(cause, recovered);
            return false;
        }
    }

    private void CompleteRecovery(long highest)
    {
        _recoveryTimer?.Cancel();
        OnReplaySuccess();
        _sequenceNr = LastSequenceNr = Math.Max(highest, LastSequenceNr);
        _phase = Phase.ProcessingCommands;
        try
        {
            base.AroundReceive(ReceiveRecover, RecoveryCompleted.Instance);
        }
        finally
        {
            FlushBatch();
            if (_stashingHandlers > 0) _phase = Phase.PersistingEvents;
            else _internalStash.UnstashAll();
        }
    }

    private void FailRecovery(Exception reason, object? message)
    {
        _recoveryTimer?.Cancel();
        _waits++;
        try
        {
            OnRecoveryFailure(reason, message);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    private void AwaitStore()
    {
        _recoveryTimer?.Cancel();
        _recoveryTimer = Context.System.Scheduler.ScheduleTellOnceCancelable(_recoveryTimeout, Self, new RecoveryTick(_incarnation, ++_waits), Self);
    }

    private void ReleaseStashes()
    {
        _internalStash.UnstashAll();
        Stash.UnstashAll(envelope => envelope.Message is not StoreReply);
    }
}
