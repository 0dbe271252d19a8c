using System.Collections.Immutable;
using Akka.Persistence.Journal;
using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Storage;

/// <summary>A node's connection to the journal that all share. Found by its name in the configuration.</summary>
public sealed class SimulatedJournal : AsyncWriteJournal
{
    private readonly DatabaseConnection _database = DatabaseConnection.Of(SimulatedWorld.Current.LifeOf(Context.System.Settings.Config));
    private readonly ActorSystem _system = Context.System;

    /// <inheritdoc/>
    public override async Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        ArgumentNullException.ThrowIfNull(recoveryCallback);
        IReadOnlyList<StoredEvent> events = await _database.Ask(journal => journal.Read(persistenceId, fromSequenceNr, toSequenceNr));
        foreach (StoredEvent stored in events.Take((int)Math.Min(max, int.MaxValue)))
        {
            object payload = _system.Serialization.Deserialize(stored.Bytes, stored.Serializer, stored.Manifest);
            recoveryCallback(new Persistent(payload, stored.Number, stored.Stream, stored.Manifest));
        }
    }

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        _database.Ask(journal => journal.HighestOf(persistenceId));

    /// <inheritdoc/>
    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        StoredEvent[] events = [.. messages.SelectMany(write => (IImmutableList<IPersistentRepresentation>)write.Payload).Select(Store)];
        await _database.Ask(journal =>
        {
            journal.Append(events);
            return true;
        });
        return null!;       // as the engine has it: nothing was refused
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{persistenceId}: wanted events to be kept, got a request to delete them");

    private StoredEvent Store(IPersistentRepresentation message)
    {
        Serializer serializer = _system.Serialization.FindSerializerFor(message.Payload);
        return new StoredEvent(
            message.PersistenceId, message.SequenceNr, _database.Life, serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, message.Payload),
            serializer.ToBinary(message.Payload), message.Payload);
    }
}
