namespace Cluster.Actors.Serialization.Codecs;

/// <summary>Codecs of what any two nodes say to each other's actors.</summary>
internal static class RemoteCodecs
{
    public static ImmutableArray<EngineCodec> All { get; } =
    [
        EngineCodec.Of<RemoteWatch>("watch", WriteWatch, ReadWatch),
        EngineCodec.Of<RemoteUnwatch>("unwatch", WriteUnwatch, ReadUnwatch),
        EngineCodec.Of<RemoteDeath>("death", WriteDeath, ReadDeath),
        EngineCodec.Of("stop", new RemoteStop()),
        EngineCodec.Of("poison", PoisonPill.Instance),
        EngineCodec.Of("kill", Kill.Instance),
        EngineCodec.Of<Identify>("identify", (writer, m) => writer.Nested(m.MessageId, nameof(m.MessageId)), ReadIdentify),
        EngineCodec.Of<ActorIdentity>("identity", WriteIdentity, ReadIdentity),
        EngineCodec.Of<ActorSelectionMessage>("selection", WriteSelection, ReadSelection),
        EngineCodec.Of<Status.Success>("success", (writer, m) => writer.Nested(m.Status, nameof(m.Status)), ReadSuccess),
        EngineCodec.Of<Status.Failure>("failure", WriteFailure, ReadFailure),
        EngineCodec.Of("done", Done.Instance),
    ];

    private static void WriteWatch(EngineWriter writer, RemoteWatch message)
    {
        writer.Actor(message.Watchee, nameof(message.Watchee));
        writer.Actor(message.Watcher, nameof(message.Watcher));
    }

    private static RemoteWatch ReadWatch(EngineReader reader) =>
        new(reader.Actor(nameof(RemoteWatch.Watchee)), reader.Actor(nameof(RemoteWatch.Watcher)));

    private static void WriteUnwatch(EngineWriter writer, RemoteUnwatch message)
    {
        writer.Actor(message.Watchee, nameof(message.Watchee));
        writer.Actor(message.Watcher, nameof(message.Watcher));
    }

    private static RemoteUnwatch ReadUnwatch(EngineReader reader) =>
        new(reader.Actor(nameof(RemoteUnwatch.Watchee)), reader.Actor(nameof(RemoteUnwatch.Watcher)));

    private static void WriteDeath(EngineWriter writer, RemoteDeath message)
    {
        writer.Actor(message.Actor, nameof(message.Actor));
        writer.Boolean(message.ExistenceConfirmed);
    }

    private static RemoteDeath ReadDeath(EngineReader reader) =>
        new(reader.Actor(nameof(RemoteDeath.Actor)), reader.Boolean(nameof(RemoteDeath.ExistenceConfirmed)));

    private static Identify ReadIdentify(EngineReader reader) => new(reader.NestedOrNull(nameof(Identify.MessageId)));

    private static void WriteIdentity(EngineWriter writer, ActorIdentity message)
    {
        writer.Nested(message.MessageId, nameof(message.MessageId));
        writer.Actor(message.Subject, nameof(message.Subject));
    }

    private static ActorIdentity ReadIdentity(EngineReader reader) =>
        new(reader.NestedOrNull(nameof(ActorIdentity.MessageId)), reader.ActorOrNull(nameof(ActorIdentity.Subject)));

    private static void WriteSelection(EngineWriter writer, ActorSelectionMessage message)
    {
        writer.List(message.Elements, EngineLimits.SelectionElementsMax, nameof(message.Elements),
            (w, element) => w.Text(element, EngineLimits.NameBytesMax, nameof(message.Elements)));
        writer.Boolean(message.WildcardFanOut);
        writer.Nested(message.Message, nameof(message.Message));
    }

    private static ActorSelectionMessage ReadSelection(EngineReader reader)
    {
        ImmutableArray<string> elements = reader.List(EngineLimits.SelectionElementsMax, 1, nameof(ActorSelectionMessage.Elements),
            r => r.Text(EngineLimits.NameBytesMax, nameof(ActorSelectionMessage.Elements)));
        bool fanOut = reader.Boolean(nameof(ActorSelectionMessage.WildcardFanOut));
        return new ActorSelectionMessage(reader.Nested(nameof(ActorSelectionMessage.Message)), elements, fanOut);
    }

    private static Status.Success ReadSuccess(EngineReader reader) => new(reader.NestedOrNull(nameof(Status.Success.Status)));

    private static void WriteFailure(EngineWriter writer, Status.Failure message)
    {
        // The kind is for people: nothing is made from it. A failure that comes from a third node keeps its own.
        RemoteFailureException? remote = message.Cause as RemoteFailureException;
        string kind = remote?.Kind ?? message.Cause.GetType().Name;
        string text = remote is null ? message.Cause.Message : remote.Message[(kind.Length + 2)..];
        writer.Reason(kind);
        writer.Reason(text);
    }

    private static Status.Failure ReadFailure(EngineReader reader) => new(new RemoteFailureException(reader.Reason(), reader.Reason()));
}
