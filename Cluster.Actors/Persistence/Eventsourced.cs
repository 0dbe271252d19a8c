using Cluster.Actors.Persistence.Storage;

namespace Cluster.Actors.Persistence;

/// <summary>
/// An actor whose state is the sum of its events. It recovers from the newest snapshot and the events after it before it sees
/// its first command; an event is durable before its handler runs, and no command comes between the two.
/// </summary>
public abstract partial class Eventsourced : ActorBase, IWithUnboundedStash
{
    private readonly Stash _internalStash;
    private readonly IPersistenceStore _store;
    private readonly EventCodec _codec;
    private readonly object _incarnation = new();
    private readonly LinkedList<PendingHandler> _pendingHandlers = new();
    private readonly List<PendingWrite> _eventBatch = [];
    private List<PendingWrite> _journalBatch = [];
    private bool _isWriteInProgress;
    private long _stashingHandlers;
    private long _sequenceNr;
    private Phase _phase = Phase.LoadingSnapshot;

    protected Eventsourced()
    {
        PersistenceExtension extension = PersistenceExtension.Get(Context.System);
        _store = extension.Store;
        _codec = extension.Codec;
        _recoveryTimeout = extension.RecoveryEventTimeout;
        _internalStash = new Stash(Cell);
        Log = Context.GetLogger();
    }

    /// <summary>What the actor is doing with its store.</summary>
    private enum Phase
    {
        LoadingSnapshot,
        Replaying,
        ProcessingCommands,
        PersistingEvents,
    }

    /// <summary>Names the stream of events; the same after every restart, and of no other actor.</summary>
    public abstract string PersistenceId { get; }

    public virtual Recovery Recovery => Recovery.Default;

    public IStash Stash
    {
        get;
        set => field = new InternalStashAwareStash(value, _internalStash);
    }

    = null!;

    public bool IsRecovering => _phase is Phase.LoadingSnapshot or Phase.Replaying;

    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>The highest number that this actor has seen written or replayed.</summary>
    public long LastSequenceNr { get; private set; }

    public string SnapshotterId => PersistenceId;

    /// <summary>The number that a snapshot saved now would carry.</summary>
    public long SnapshotSequenceNr => LastSequenceNr;

    protected virtual ILoggingAdapter Log { get; }

    /// <summary>Writes the event, then runs the handler; commands wait meanwhile.</summary>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        RequireRecovered();
        AddHandler(stashing: true, handler);
        _eventBatch.Add(new PendingWrite([@event!], NextSequenceNrs(1), Sender));
    }

    /// <summary>Writes the events together or not at all, then runs the handler for each; commands wait meanwhile.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler)
    {
        RequireRecovered();
        AddAll(stashing: true, events, handler);
    }

    /// <summary>Writes the event, then runs the handler; commands are handled meanwhile.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        RequireRecovered();
        AddHandler(stashing: false, handler);
        _eventBatch.Add(new PendingWrite([@event!], NextSequenceNrs(1), Sender));
    }

    /// <inheritdoc cref="PersistAsync"/>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler)
    {
        RequireRecovered();
        AddAll(stashing: false, events, handler);
    }

    /// <summary>Runs the handler once all handlers given before have run; at once where there are none. Nothing is written.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        RequireRecovered();
        if (_pendingHandlers.Count == 0)
        {
            handler(evt);
            return;
        }

        AddHandler(stashing: false, handler);
        _eventBatch.Add(new PendingWrite([evt!], 0, Sender));
    }

    /// <summary>Loads a snapshot; <see cref="SnapshotOffer"/> comes during recovery only.</summary>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr)
    {
        IActorRef self = Self;
        object incarnation = _incarnation;
        _store.LoadSnapshot(persistenceId, criteria.Limit(toSequenceNr), (read, error) => self.Tell(new SnapshotLoaded(incarnation, read, error), self));
    }

    /// <summary>Saves the state as it is now; <see cref="SaveSnapshotSuccess"/> or <see cref="SaveSnapshotFailure"/> follows.</summary>
    public void SaveSnapshot(object snapshot)
    {
        IActorRef self = Self;
        SnapshotMetadata metadata = new(SnapshotterId, SnapshotSequenceNr, Context.System.Scheduler.Now.UtcDateTime);
        try
        {
            StoredSnapshot stored = _codec.Encode(metadata, snapshot);
            _store.SaveSnapshot(stored, error => self.Tell(error is null ? new SaveSnapshotSuccess(metadata) : new SaveSnapshotFailure(metadata, error), self));
        }
        catch (UnknownManifestException unknown)
        {
            self.Tell(new SaveSnapshotFailure(metadata, unknown), self);
        }
    }

    public void DeleteSnapshot(long sequenceNr)
    {
        IActorRef self = Self;
        SnapshotMetadata metadata = new(SnapshotterId, sequenceNr);
        SnapshotSelectionCriteria only = new(sequenceNr, DateTime.MaxValue, sequenceNr);
        _store.DeleteSnapshots(SnapshotterId, only,
            error => self.Tell(error is null ? new DeleteSnapshotSuccess(metadata) : new DeleteSnapshotFailure(metadata, error), self));
    }

    public void DeleteSnapshots(SnapshotSelectionCriteria criteria)
    {
        IActorRef self = Self;
        _store.DeleteSnapshots(SnapshotterId, criteria,
            error => self.Tell(error is null ? new DeleteSnapshotsSuccess(criteria) : new DeleteSnapshotsFailure(criteria, error), self));
    }

    /// <summary>Deletes the events up to and including the number; <see cref="long.MaxValue"/> deletes all.</summary>
    public void DeleteMessages(long toSequenceNr)
    {
        IActorRef self = Self;
        if (toSequenceNr != long.MaxValue && toSequenceNr > LastSequenceNr)
        {
            InvalidOperationException cause = new($"{PersistenceId}: DeleteMessages: wanted at most LastSequenceNr {LastSequenceNr}, got {toSequenceNr}");
            self.Tell(new DeleteMessagesFailure(cause, toSequenceNr), self);
            return;
        }

        long to = Math.Min(toSequenceNr, LastSequenceNr);
        _store.DeleteEvents(PersistenceId, to, error => self.Tell(error is null ? new DeleteMessagesSuccess(to) : new DeleteMessagesFailure(error, to), self));
    }

    protected abstract bool ReceiveRecover(object message);

    protected abstract bool ReceiveCommand(object message);

    /// <summary>Recovery could not be completed; the actor stops afterwards.</summary>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null) =>
        Log.Error(reason, "{0}: recovery failed after event {1}{2}", PersistenceId, LastSequenceNr, message is null ? "" : $", replaying {message.GetType().Name}");

    /// <summary>The event may or may not have been written; the actor stops afterwards.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "{0}: could not persist event {1} of type {2}", PersistenceId, sequenceNr, @event.GetType().Name);

    /// <summary>The event was not written; the actor goes on without it, and its handler does not run.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "{0}: the journal rejected event {1} of type {2}", PersistenceId, sequenceNr, @event.GetType().Name);

    protected virtual void OnReplaySuccess()
    {
    }

    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                return;
            case SaveSnapshotFailure failure:
                Log.Warning(failure.Cause, "{0}: snapshot at {1} failed", PersistenceId, failure.Metadata.SequenceNr);
                break;
            case DeleteSnapshotsFailure failure:
                Log.Warning(failure.Cause, "{0}: snapshots could not be deleted", PersistenceId);
                break;
            case DeleteMessagesFailure failure:
                Log.Warning(failure.Cause, "{0}: events up to {1} could not be deleted", PersistenceId, failure.ToSequenceNr);
                break;
        }

        base.Unhandled(message);
    }

    private void RequireRecovered()
    {
        if (IsRecovering)
            throw new InvalidOperationException($"{PersistenceId}: wanted Persist after recovery, got it during replay; persist on RecoveryCompleted or later.");
    }

    private void AddHandler<TEvent>(bool stashing, Action<TEvent> handler)
    {
        if (stashing) _stashingHandlers++;
        _pendingHandlers.AddLast(new PendingHandler(stashing, written => handler((TEvent)written)));
    }

    private void AddAll<TEvent>(bool stashing, IEnumerable<TEvent> events, Action<TEvent> handler)
    {
        object[] all = [.. events.Cast<object>()];
        if (all.Length == 0) return;
        foreach (object _ in all) AddHandler(stashing, handler);
        _eventBatch.Add(new PendingWrite(all, NextSequenceNrs(all.Length), Sender));
    }

    /// <summary>The first of so many new numbers.</summary>
    private long NextSequenceNrs(int count)
    {
        long first = _sequenceNr + 1;
        _sequenceNr += count;
        return first;
    }
}
