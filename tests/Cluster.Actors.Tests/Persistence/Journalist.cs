namespace Cluster.Actors.Tests.Persistence;

/// <summary>A persistent actor of texts that reports to its observer whatever happens to it, in order.</summary>
public sealed class Journalist : ReceivePersistentActor
{
    private readonly IActorRef _observer;
    private readonly List<string> _state = [];

    public Journalist(string persistenceId, IActorRef observer)
    {
        PersistenceId = persistenceId;
        _observer = observer;
        Recover<SnapshotOffer>(OnOffer);
        Recover<string>(OnReplayed);
        Recover<RecoveryCompleted>(_ => _observer.Tell("recovered at " + LastSequenceNr));
        Reporting();
    }

    public override string PersistenceId { get; }

    public static Props PropsFor(string persistenceId, IActorRef observer) =>
        Props.Create(() => new Journalist(persistenceId, observer));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        _observer.Tell("rejected " + sequenceNr);

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _observer.Tell("failed " + sequenceNr);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        _observer.Tell("recovery failed: " + reason.Message);

    private void Reporting()
    {
        Command<Write>(write => PersistAll(write.Texts, Apply));
#pragma warning disable AK1006 // One by one in place of PersistAll, which Akka.NET's analyser asks for: that is what is tested here.
        Command<WriteEach>(write =>
        {
            foreach (string text in write.Texts) Persist(text, Apply);
        });
        Command<WriteAsync>(write =>
        {
            foreach (string text in write.Texts) PersistAsync(text, Apply);
            DeferAsync("deferred", text => _observer.Tell(text));
        });
#pragma warning restore AK1006
        Command<WriteObject>(write => Persist(write.Payload, _ => _observer.Tell("wrote an object")));
        Command<WriteTwice>(write => Persist(write.Text, first => Persist(first + "'", Apply)));
        Command<Note>(note => _observer.Tell("noted " + note.Text));
        Command<Fail>(_ => throw new InvalidOperationException("asked to fail"));
        Command<TakeSnapshot>(_ => SaveSnapshot(string.Join(",", _state)));
        Command<SaveSnapshotSuccess>(saved => _observer.Tell("saved " + saved.Metadata.SequenceNr));
        Command<SaveSnapshotFailure>(failed => _observer.Tell("not saved " + failed.Metadata.SequenceNr));
        Command<Delete>(delete => DeleteMessages(delete.To));
        Command<DeleteMessagesSuccess>(deleted => _observer.Tell("deleted " + deleted.ToSequenceNr));
        Command<DeleteMessagesFailure>(failed => _observer.Tell("not deleted " + failed.ToSequenceNr));
        Command<DeleteAllSnapshots>(_ => DeleteSnapshots(SnapshotSelectionCriteria.Latest));
        Command<DeleteSnapshotsSuccess>(_ => _observer.Tell("snapshots deleted"));
        Command<Close>(_ => Become(Closed));
    }

    private void Closed()
    {
        Command<Open>(_ =>
        {
            Become(Reporting);
            Stash.UnstashAll();
        });
        CommandAny(_ => Stash.Stash());
    }

    private void OnOffer(SnapshotOffer offer)
    {
        _state.AddRange(((string)offer.Snapshot).Split(','));
        _observer.Tell($"offered {offer.Snapshot} of {offer.Metadata.SequenceNr}");
    }

    private void OnReplayed(string text)
    {
        _state.Add(text);
        _observer.Tell("replayed " + text);
    }

    private void Apply(string text)
    {
        _state.Add(text);
        _observer.Tell($"wrote {text} as {LastSequenceNr}");
        Sender.Tell("thanks for " + text);
    }

    public sealed record Write(params string[] Texts);

    public sealed record WriteEach(params string[] Texts);

    public sealed record WriteAsync(params string[] Texts);

    public sealed record WriteObject(object Payload);

    public sealed record WriteTwice(string Text);

    public sealed record Note(string Text);

    public sealed record Fail;

    public sealed record TakeSnapshot;

    public sealed record Delete(long To);

    public sealed record DeleteAllSnapshots;

    public sealed record Close;

    public sealed record Open;
}
