using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Serialization;
using Cluster.Actors.Membership.Messages;
using Cluster.Actors.Membership.State;
using Cluster.Actors.Sharding.Coordination;

namespace Cluster.Actors.Tests.Serialization.Embedded;

public sealed class EngineCodecsTests : IDisposable
{
    private const int MutationsEach = 2000;
    private static readonly Address s_address = new("akka", "net", "host-1.example", 4053);
    private static readonly UniqueAddress s_node = new(s_address, 17);
    private static readonly UniqueAddress s_other = new(new Address("akka", "net", "10.0.0.2", 1), -5);
    private readonly ActorSystem _system = ActorSystem.Create("net", new EmbeddedSetup { Network = new InProcessNetwork(), Host = "a", Port = 1 });

    public static TheoryData<string> Manifests => [.. EngineCodecs.All.Select(codec => codec.Manifest)];

    private EngineSerializer Serializer => (EngineSerializer)_system.Serialization.FindSerializerForType(typeof(int));

    private IActorRef Remote => ((ExtendedActorSystem)_system).Provider.ResolveActorRef("akka://net@b:1/user/far#42");

    public void Dispose() => _system.Terminate().Wait(TimeSpan.FromSeconds(10));

    [Fact]
    public void Every_message_of_the_engine_that_can_leave_a_node_has_a_codec()
    {
        Type[] travelling =
        [
            .. typeof(ActorSystem).Assembly.GetTypes().Where(type => !type.IsAbstract && typeof(IControlMessage).IsAssignableFrom(type)),
            typeof(PoisonPill), typeof(Kill), typeof(Identify), typeof(ActorIdentity), typeof(ActorSelectionMessage), typeof(Status.Success),
            typeof(Status.Failure), typeof(Done), typeof(ShardingEnvelope), typeof(ShardRegion.StartEntity), typeof(GetShardRegionState),
            typeof(CurrentShardRegionState),
        ];
        travelling.ShouldContain(type => type.Namespace == typeof(IClusterDaemonMessage).Namespace);      // else nothing was looked at
        travelling.Where(type => !EngineCodecs.ByType.ContainsKey(type)).ShouldBeEmpty();
    }

    /// <summary>What is sent to an actor of another node is a message that travels, or one that is declared to stay at home.</summary>
    [Fact]
    public void A_message_of_the_engine_without_a_codec_is_declared_to_stay_on_its_node()
    {
        string[] conversations = ["Cluster.Actors.Membership.Messages", "Cluster.Actors.Singleton", "Cluster.Actors.Sharding.Coordination", "Cluster.Actors.Sharding.Regions"];
        Type[] messages = [.. typeof(ActorSystem).Assembly.GetTypes().Where(type =>
            type is { IsSealed: true, IsAbstract: false } && conversations.Contains(type.Namespace) && type.GetMethod("<Clone>$") is not null && type.IsNotPublic)];
        messages.Length.ShouldBeGreaterThan(30);
        Type[] parts = [typeof(HostedShard), typeof(ShardPlace), typeof(Outgoing), typeof(HandOffState), typeof(CoordinatorState), typeof(Seniority)];
        messages.Where(type => !EngineCodecs.ByType.ContainsKey(type) && !typeof(INoSerializationVerificationNeeded).IsAssignableFrom(type) && !parts.Contains(type)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_message_comes_back_as_it_was(string manifest)
    {
        object message = Sample(EngineCodecs.ByManifest[manifest].Type);
        byte[] bytes = Serializer.ToBinary(message);
        Serializer.Manifest(message).ShouldBe(manifest);

        object back = Serializer.FromBinary(bytes, manifest);

        back.GetType().ShouldBe(message.GetType());
        Serializer.ToBinary(back).ShouldBe(bytes);
        if (message is Welcome or GossipEnvelope) DigestOf(back).ShouldBe(DigestOf(message));
        else if (message is not (Status or ActorSelectionMessage or Register or JoinRequest or CurrentShardRegionState or byte[])) back.ShouldBe(message);
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Bytes_that_are_no_message_are_refused_by_one_exception(string manifest)
    {
        byte[] bytes = Serializer.ToBinary(Sample(EngineCodecs.ByManifest[manifest].Type));
        uint state = 2463534242;
        for (int i = 0; i < MutationsEach; i++)
        {
            byte[] bad = Mutate(bytes, ref state);
            try
            {
                // What can be read is a message that has these bytes and no others, gossip excepted, which is put in order.
                object message = Serializer.FromBinary(bad, manifest);
                if (message is not (Welcome or GossipEnvelope or CurrentShardRegionState or ActorIdentity or Status or IShardingMessage or RemoteSystemMessage or ActorSelectionMessage or Identify or ShardingEnvelope)
                    && bad.Length > 0) Serializer.ToBinary(message).ShouldBe(bad);
            }
            catch (SerializationException)
            {
                // Refused.
            }
        }
    }

    [Fact]
    public void Gossip_of_the_largest_cluster_fits_a_message()
    {
        UniqueAddress[] nodes = [.. Enumerable.Range(0, ClusterSettings.MembersMax).Select(i => new UniqueAddress(new Address("akka", "cluster", $"worker-{i}.workers.training.svc.cluster.local", 4053), i + 1))];
        MemberTable table = MemberTable.Of(nodes.Select((node, i) => new MemberRow(node, ["worker"], RowStatus.Up, i + 1)));
        ObserverRow nobody = new(1, [.. nodes], 1);
        Gossip gossip = new(nodes[0], table, nodes.ToImmutableSortedDictionary(node => node, _ => nobody));

        byte[] bytes = Serializer.ToBinary(new GossipEnvelope(nodes[0], nodes[1], gossip));

        bytes.Length.ShouldBeLessThan(256 * 1024);
        ((GossipEnvelope)Serializer.FromBinary(bytes, "gossip")).Gossip.Digest.ShouldBe(gossip.Digest);
    }

    [Fact]
    public void Messages_inside_each_other_are_bounded_for_writer_and_reader()
    {
        object message = "core";
        for (int i = 0; i < EngineLimits.DepthMax; i++) message = new Identify(message);
        byte[] deepest = Serializer.ToBinary(message);
        Serializer.FromBinary(deepest, "identify").ShouldBe(message);

        Should.Throw<SerializationException>(() => Serializer.ToBinary(new Identify(message)));
        byte[] deeper = [1, EngineSerializer.Number, 8, .. "identify"u8, .. Leb(deepest.Length), .. deepest];
        Should.Throw<SerializationException>(() => Serializer.FromBinary(deeper, "identify")).Message.ShouldContain("inside each other");
    }

    [Fact]
    public void An_unknown_manifest_is_refused() =>
        Should.Throw<SerializationException>(() => Serializer.FromBinary([], "System.Diagnostics.Process")).Message.ShouldContain("known manifest");

    [Fact]
    public void The_manifests_are_those_that_other_builds_know() => string.Join(' ', EngineCodecs.All.Select(codec => codec.Manifest)).ShouldBe(
        "watch unwatch death stop poison kill identify identity selection success failure done s i l d b bytes init-join init-ack init-nack join " +
        "welcome refused gossip beat node-stopped hand-over handed-over introduce register registered get-home home host started begin-off " +
        "begun-off hand-off stopped leave-region envelope start-entity get-region region");

    private static ulong DigestOf(object message) => message is Welcome welcome ? welcome.Gossip.Digest : ((GossipEnvelope)message).Gossip.Digest;

    private static byte[] Leb(int number) => number < 0x80 ? [(byte)number] : [(byte)(number & 0x7F | 0x80), (byte)(number >> 7)];

    private static byte[] Mutate(byte[] bytes, ref uint state)
    {
        byte[] bad = [.. bytes];
        uint kind = Next(ref state) % 4;
        if (kind == 0) return bad[..(int)(Next(ref state) % (uint)(bad.Length + 1))];
        if (kind == 1) return [.. bad, (byte)(Next(ref state) & 0xFF)];
        for (uint i = Next(ref state) % 4; bad.Length > 0 && i < 4; i++) bad[Next(ref state) % (uint)bad.Length] = (byte)(Next(ref state) & 0xFF);
        return bad;
    }

    private static uint Next(ref uint state)
    {
        state ^= state << 13;
        state ^= state >> 17;
        return state ^= state << 5;
    }

    private static Gossip SomeGossip()
    {
        MemberTable table = MemberTable.Of([
            new MemberRow(s_node, ["coordinator", "worker"], RowStatus.Up, 1),
            new MemberRow(s_other, [], RowStatus.Exited, int.MaxValue)]);
        return new Gossip(s_node, table, ImmutableSortedDictionary<UniqueAddress, ObserverRow>.Empty
            .Add(s_node, new ObserverRow(7, [s_other], table.Digest)).Add(s_other, new ObserverRow(long.MaxValue, [], ulong.MaxValue)));
    }

    private object Sample(Type type) => type switch
    {
        _ when type == typeof(RemoteWatch) => new RemoteWatch(Remote, Remote),
        _ when type == typeof(RemoteUnwatch) => new RemoteUnwatch(Remote, Remote),
        _ when type == typeof(RemoteDeath) => new RemoteDeath(Remote, true),
        _ when type == typeof(Identify) => new Identify(3),
        _ when type == typeof(ActorIdentity) => new ActorIdentity("question", Remote),
        _ when type == typeof(ActorSelectionMessage) => new ActorSelectionMessage(new Identify(1.5), ["user", "*"], true),
        _ when type == typeof(Status.Success) => new Status.Success(5L),
        _ when type == typeof(Status.Failure) => new Status.Failure(new RemoteFailureException("TimeoutException", "too late: ü")),
        _ when type == typeof(string) => "text: ü",
        _ when type == typeof(int) => int.MinValue,
        _ when type == typeof(long) => long.MaxValue,
        _ when type == typeof(double) => -0.0,
        _ when type == typeof(bool) => true,
        _ when type == typeof(byte[]) => new byte[] { 1, 2, 3 },
        _ when type == typeof(InitJoin) => new InitJoin(s_address),
        _ when type == typeof(InitJoinAck) => new InitJoinAck(s_address),
        _ when type == typeof(InitJoinNack) => new InitJoinNack(s_address),
        _ when type == typeof(JoinRequest) => new JoinRequest(s_node, ["seed", "worker"]),
        _ when type == typeof(Welcome) => new Welcome(s_node, SomeGossip()),
        _ when type == typeof(JoinRefused) => new JoinRefused(s_address, "full"),
        _ when type == typeof(GossipEnvelope) => new GossipEnvelope(s_node, null, SomeGossip()),
        _ when type == typeof(Heartbeat) => new Heartbeat(s_node, ulong.MaxValue),
        _ when type == typeof(NodeStopped) => new NodeStopped(s_other),
        _ when type == typeof(HandOverToMe) => new HandOverToMe(s_node),
        _ when type == typeof(HandOverDone) => new HandOverDone(s_other),
        _ when type == typeof(Register) => new Register(Remote, s_node, false, [new HostedShard("job/1", 4), new HostedShard("job/2", 5)]),
        _ when type == typeof(RegisterAck) => new RegisterAck(Remote),
        _ when type == typeof(GetShardHome) => new GetShardHome("job/1", Remote),
        _ when type == typeof(ShardHome) => new ShardHome("job/1", Remote, 9),
        _ when type == typeof(HostShard) => new HostShard("job/1", 9),
        _ when type == typeof(ShardStarted) => new ShardStarted("job/1", 9, Remote),
        _ when type == typeof(BeginHandOff) => new BeginHandOff("job/1", 9),
        _ when type == typeof(BeginHandOffAck) => new BeginHandOffAck("job/1", 9, Remote),
        _ when type == typeof(HandOff) => new HandOff("job/1", 9),
        _ when type == typeof(ShardStopped) => new ShardStopped("job/1", 9, Remote),
        _ when type == typeof(GracefulShutdownRequest) => new GracefulShutdownRequest(Remote),
        _ when type == typeof(ShardingEnvelope) => new ShardingEnvelope("entity", "message"),
        _ when type == typeof(ShardRegion.StartEntity) => new ShardRegion.StartEntity("entity"),
        _ when type == typeof(CurrentShardRegionState) => new CurrentShardRegionState([new ShardState("job/1", ImmutableHashSet.Create("entity"))]),
        _ => Only(type),
    };

    private static object Only(Type type) => type == typeof(RemoteStop)
        ? new RemoteStop()
        : type.GetProperty("Instance", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) ?? throw new ArgumentException($"wanted a sample of {type}, got none; add one");
}
