using Cluster.Actors.Membership.Messages;

namespace Cluster.Actors.Serialization.Codecs;

/// <summary>Codecs of the conversation in Membership/Messages/ClusterMessages.cs.</summary>
internal static class MembershipCodecs
{
    public static ImmutableArray<EngineCodec> All { get; } =
    [
        EngineCodec.Of<InitJoin>("init-join", (writer, m) => From(writer, m.From), reader => new InitJoin(From(reader))),
        EngineCodec.Of<InitJoinAck>("init-ack", (writer, m) => From(writer, m.From), reader => new InitJoinAck(From(reader))),
        EngineCodec.Of<InitJoinNack>("init-nack", (writer, m) => From(writer, m.From), reader => new InitJoinNack(From(reader))),
        EngineCodec.Of<JoinRequest>("join", WriteJoin, reader => new JoinRequest(reader.Node(nameof(JoinRequest.Node)), Roles(reader))),
        EngineCodec.Of<Welcome>("welcome", WriteWelcome, reader => new Welcome(reader.Node(nameof(Welcome.From)), GossipCodec.Read(reader))),
        EngineCodec.Of<JoinRefused>("refused", WriteRefused, reader => new JoinRefused(From(reader), reader.Reason())),
        EngineCodec.Of<GossipEnvelope>("gossip", WriteGossip, ReadGossip),
        EngineCodec.Of<Heartbeat>("beat", WriteHeartbeat, reader => new Heartbeat(reader.Node(nameof(Heartbeat.From)), reader.UInt64(nameof(Heartbeat.Digest)))),
        EngineCodec.Of<NodeStopped>("node-stopped", (writer, m) => writer.Node(m.Node, nameof(m.Node)), reader => new NodeStopped(reader.Node(nameof(NodeStopped.Node)))),
    ];

    /// <summary>The roles of a node, which messages and the member table name alike.</summary>
    public static void Roles(EngineWriter writer, ImmutableArray<string> roles) =>
        writer.List(roles, EngineLimits.RolesMax, nameof(Roles), (w, role) => w.Text(role, EngineLimits.NameBytesMax, nameof(Roles)));

    public static ImmutableArray<string> Roles(EngineReader reader) =>
        reader.List(EngineLimits.RolesMax, 1, nameof(Roles), r => r.Text(EngineLimits.NameBytesMax, nameof(Roles)));

    private static void WriteJoin(EngineWriter writer, JoinRequest message)
    {
        writer.Node(message.Node, nameof(message.Node));
        Roles(writer, message.Roles);
    }

    private static void WriteWelcome(EngineWriter writer, Welcome message)
    {
        writer.Node(message.From, nameof(message.From));
        GossipCodec.Write(writer, message.Gossip);
    }

    private static void WriteRefused(EngineWriter writer, JoinRefused message)
    {
        From(writer, message.From);
        writer.Reason(message.Reason);
    }

    private static void WriteGossip(EngineWriter writer, GossipEnvelope message)
    {
        writer.Node(message.From, nameof(message.From));
        writer.Boolean(message.To is not null);
        if (message.To is { } to) writer.Node(to, nameof(message.To));
        GossipCodec.Write(writer, message.Gossip);
    }

    private static GossipEnvelope ReadGossip(EngineReader reader)
    {
        UniqueAddress from = reader.Node(nameof(GossipEnvelope.From));
        UniqueAddress? to = reader.Boolean(nameof(GossipEnvelope.To)) ? reader.Node(nameof(GossipEnvelope.To)) : null;
        return new GossipEnvelope(from, to, GossipCodec.Read(reader));
    }

    private static void WriteHeartbeat(EngineWriter writer, Heartbeat message)
    {
        writer.Node(message.From, nameof(message.From));
        writer.UInt64(message.Digest);
    }

    private static void From(EngineWriter writer, Address address) => writer.Address(address, nameof(From));

    private static Address From(EngineReader reader) => reader.Address(nameof(From));
}
