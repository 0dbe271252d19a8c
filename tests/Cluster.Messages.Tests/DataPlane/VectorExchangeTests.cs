using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.DataPlane;

/// <summary>Two nodes that reach each other through sockets, as two processes do.</summary>
public sealed class VectorExchangeTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-exchange-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1024, false)]
    [InlineData(1_000_000, false)]
    [InlineData(1_000_000, true)]
    public async Task A_vector_goes_to_another_node_and_back_unchanged(int bytes, bool isKeyed)
    {
        NodeOptions options = new() { Roles = [NodeRoles.Seed], SharedKeyPath = isKeyed ? NewKey("a") : null };
        await using ClusterNode first = Start(options);
        await using ClusterNode second = Start(options with { Roles = [NodeRoles.Worker], Seeds = [first.Address] });
        await second.WaitUntilUp(s_deadline);
        first.System.ActorOf(Props.Create(() => new EchoActor()), "echo");
        IActorRef echo = await second.System.ActorSelection(new RootActorPath(first.Membership.SelfAddress) / "user" / "echo").ResolveOne(s_deadline);
        byte[] vector = [.. Enumerable.Range(0, bytes).Select(i => unchecked((byte)(i * 7)))];
        TaskCompletionSource<byte[]> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        second.System.ActorOf(Props.Create(() => new AskingActor(echo, vector, answered)));

        (await answered.Task.WaitAsync(s_deadline)).ShouldBe(vector);
    }

    [Fact]
    public async Task A_node_with_another_key_does_not_become_a_member()
    {
        NodeOptions options = new() { Roles = [NodeRoles.Seed], SharedKeyPath = NewKey("a") };
        await using ClusterNode first = Start(options);
        await first.WaitUntilUp(s_deadline);
        await using ClusterNode stranger = Start(options with { Roles = [NodeRoles.Worker], Seeds = [first.Address], SharedKeyPath = NewKey("b") });
        await using ClusterNode friend = Start(options with { Roles = [NodeRoles.Worker], Seeds = [first.Address] });

        await friend.WaitUntilUp(s_deadline);       // begun after the stranger, and a member

        first.Membership.State.Members.Select(member => member.Address.Port).ShouldNotContain(stranger.Address.Port);
    }

    private string NewKey(string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, new string(name[0], 32));
        return path;
    }

    private static ClusterNode Start(NodeOptions options) => ClusterNode.Start(options, MessageCodecs.ForMessages(), NodeEnvironment.Tcp(options));

    private sealed class EchoActor : ReceiveActor
    {
        private readonly VectorOffers _offers = new(VectorExchange.Get(Context.System));
        private readonly ActorPlaces _places = new(VectorExchange.Get(Context.System), Context);

        public EchoActor() => Receive<PublishState>(publish =>
        {
            byte[] place = new byte[publish.State.Length];
            if (publish.State.IsElsewhere) _places.Expect(publish.State.Handle!, place, publish with { State = publish.State with { Bytes = place } });
            else Sender.Tell(publish with { State = _offers.Offer(Sender, publish.Round, new TensorPayload(PayloadKind.Float32, publish.State.Bytes)) });
        });
    }

    private sealed class AskingActor : ReceiveActor
    {
        private readonly VectorOffers _offers = new(VectorExchange.Get(Context.System));
        private readonly ActorPlaces _places = new(VectorExchange.Get(Context.System), Context);

        public AskingActor(IActorRef echo, byte[] vector, TaskCompletionSource<byte[]> answered)
        {
            Receive<PublishState>(publish =>
            {
                byte[] place = new byte[publish.State.Length];
                if (publish.State.IsElsewhere) _places.Expect(publish.State.Handle!, place, publish with { State = publish.State with { Bytes = place } });
                else answered.TrySetResult(publish.State.Bytes.ToArray());
            });
            echo.Tell(new PublishState(Some.Job, Some.Round, RangeId.Whole, _offers.Offer(echo, Some.Round, new TensorPayload(PayloadKind.Float32, vector))));
        }
    }
}
