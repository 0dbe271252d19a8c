using Cluster.Actors.Sharding;
using Cluster.Actors.Sharding.Coordination;

namespace Cluster.Actors.Serialization.Codecs;

/// <summary>Codecs of the conversation in Sharding/Coordination/ShardingMessages.cs, and of what is sent through regions.</summary>
internal static class ShardingCodecs
{
    public static ImmutableArray<EngineCodec> All { get; } =
    [
        EngineCodec.Of("introduce", IntroduceYourself.Instance),
        EngineCodec.Of<Register>("register", WriteRegister, ReadRegister),
        EngineCodec.Of<RegisterAck>("registered", (writer, m) => writer.Actor(m.Coordinator, nameof(m.Coordinator)), reader => new RegisterAck(reader.Actor(nameof(RegisterAck.Coordinator)))),
        EngineCodec.Of<GetShardHome>("get-home", WriteGetHome, reader => new GetShardHome(Shard(reader), reader.Actor(nameof(GetShardHome.Requester)))),
        EngineCodec.Of<ShardHome>("home", WriteHome, reader => new ShardHome(Shard(reader), reader.Actor(nameof(ShardHome.Region)), Version(reader))),
        EngineCodec.Of<HostShard>("host", (writer, m) => Decision(writer, m.Shard, m.Version), reader => new HostShard(Shard(reader), Version(reader))),
        EngineCodec.Of<ShardStarted>("started", (writer, m) => Decision(writer, m.Shard, m.Version, m.Region), reader => new ShardStarted(Shard(reader), Version(reader), Region(reader))),
        EngineCodec.Of<BeginHandOff>("begin-off", (writer, m) => Decision(writer, m.Shard, m.Version), reader => new BeginHandOff(Shard(reader), Version(reader))),
        EngineCodec.Of<BeginHandOffAck>("begun-off", (writer, m) => Decision(writer, m.Shard, m.Version, m.Region), reader => new BeginHandOffAck(Shard(reader), Version(reader), Region(reader))),
        EngineCodec.Of<HandOff>("hand-off", (writer, m) => Decision(writer, m.Shard, m.Version), reader => new HandOff(Shard(reader), Version(reader))),
        EngineCodec.Of<ShardStopped>("stopped", (writer, m) => Decision(writer, m.Shard, m.Version, m.Region), reader => new ShardStopped(Shard(reader), Version(reader), Region(reader))),
        EngineCodec.Of<GracefulShutdownRequest>("leave-region", (writer, m) => writer.Actor(m.Region, nameof(Region)), reader => new GracefulShutdownRequest(Region(reader))),
        EngineCodec.Of<ShardingEnvelope>("envelope", WriteEnvelope, reader => new ShardingEnvelope(Name(reader, nameof(ShardingEnvelope.EntityId)), reader.Nested(nameof(ShardingEnvelope.Message)))),
        EngineCodec.Of<ShardRegion.StartEntity>("start-entity", (writer, m) => Name(writer, m.EntityId, nameof(m.EntityId)), reader => new ShardRegion.StartEntity(Name(reader, nameof(ShardRegion.StartEntity.EntityId)))),
        EngineCodec.Of("get-region", GetShardRegionState.Instance),
        EngineCodec.Of<CurrentShardRegionState>("region", WriteRegionState, ReadRegionState),
    ];

    private static void WriteRegister(EngineWriter writer, Register message)
    {
        writer.Actor(message.Region, nameof(message.Region));
        writer.Node(message.Node, nameof(message.Node));
        writer.Boolean(message.Proxy);
        writer.List(message.Shards, EngineLimits.ShardsMax, nameof(message.Shards), (w, shard) => Decision(w, shard.Shard, shard.Version));
    }

    private static Register ReadRegister(EngineReader reader) => new(
        Region(reader), reader.Node(nameof(Register.Node)), reader.Boolean(nameof(Register.Proxy)),
        reader.List(EngineLimits.ShardsMax, 1 + sizeof(long), nameof(Register.Shards), r => new HostedShard(Shard(r), Version(r))));

    private static void WriteGetHome(EngineWriter writer, GetShardHome message)
    {
        Name(writer, message.Shard, nameof(message.Shard));
        writer.Actor(message.Requester, nameof(message.Requester));
    }

    private static void WriteHome(EngineWriter writer, ShardHome message)
    {
        Name(writer, message.Shard, nameof(message.Shard));
        writer.Actor(message.Region, nameof(message.Region));
        writer.Int64(message.Version);
    }

    private static void WriteEnvelope(EngineWriter writer, ShardingEnvelope message)
    {
        Name(writer, message.EntityId, nameof(message.EntityId));
        writer.Nested(message.Message, nameof(message.Message));
    }

    private static void WriteRegionState(EngineWriter writer, CurrentShardRegionState message) =>
        writer.List(message.Shards, EngineLimits.ShardsMax, nameof(message.Shards), (w, shard) =>
        {
            Name(w, shard.ShardId, nameof(shard.ShardId));
            w.List(shard.EntityIds, EngineLimits.ShardsMax, nameof(shard.EntityIds), (v, entity) => Name(v, entity, nameof(shard.EntityIds)));
        });

    private static CurrentShardRegionState ReadRegionState(EngineReader reader) => new(
        reader.List(EngineLimits.ShardsMax, 2, nameof(CurrentShardRegionState.Shards), r => new ShardState(
            Name(r, nameof(ShardState.ShardId)),
            r.List(EngineLimits.ShardsMax, 1, nameof(ShardState.EntityIds), e => Name(e, nameof(ShardState.EntityIds))).ToImmutableHashSet()))
            .ToImmutableHashSet());

    private static void Decision(EngineWriter writer, string shard, long version)
    {
        Name(writer, shard, nameof(Shard));
        writer.Int64(version);
    }

    private static void Decision(EngineWriter writer, string shard, long version, IActorRef region)
    {
        Decision(writer, shard, version);
        writer.Actor(region, nameof(Region));
    }

    private static void Name(EngineWriter writer, string name, string field) => writer.Text(name, EngineLimits.NameBytesMax, field);

    private static string Name(EngineReader reader, string field) => reader.Text(EngineLimits.NameBytesMax, field);

    private static string Shard(EngineReader reader) => Name(reader, nameof(Shard));

    private static long Version(EngineReader reader) => reader.Int64(nameof(Version));

    private static IActorRef Region(EngineReader reader) => reader.Actor(nameof(Region));
}
