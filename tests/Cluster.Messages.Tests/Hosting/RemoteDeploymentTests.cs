using System.Reflection;
using Akka.Configuration;
using Akka.Remote;
using Cluster.Messages.Node;

namespace Cluster.Messages.Tests.Hosting;

/// <summary>The engine can make an actor at another node's word, of a type that the other names. No node of ours does.</summary>
public sealed class RemoteDeploymentTests
{
    private const int DeploymentSerializer = 3;
    private static int s_made;

    [Fact]
    public async Task A_peer_cannot_have_an_actor_of_its_choice_made()
    {
        await using ListeningNode node = await ListeningNode.StartAsync(new NodeOptions());
        using RemotingPeer peer = new(node.Node.Address);
        Address self = node.Node.Membership.SelfAddress;

        await peer.TrySendAsync(node.IntroductionFrame(port: 9, life: 1));
        await peer.TrySendAsync(RemotingFrames.Message($"{self}/remote", DeploymentSerializer, "", await OrderAsync(self, $"{self}/remote/akka.tcp/peer@127.0.0.1:9/user/chosen")));
        await peer.TrySendAsync(node.MessageFrame("after"));

        SpinWait.SpinUntil(() => !node.Heard.IsEmpty, ListeningNode.Deadline).ShouldBeTrue();
        Volatile.Read(ref s_made).ShouldBe(0);
    }

    /// <summary>The bytes of the engine's own message.</summary>
    private static async Task<byte[]> OrderAsync(Address node, string path)
    {
        ActorSystem plain = ActorSystem.Create("plain", ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = remote, remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 } }"));
        try
        {
            Type type = typeof(RemoteSettings).Assembly.GetType("Akka.Remote.DaemonMsgCreate", throwOnError: true)!;
            object order = Activator.CreateInstance(
                type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null,
                [Props.Create<Chosen>(), new Deploy(path, new RemoteScope(node)), path, plain.ActorOf(Props.Create<Chosen.Supervisor>())], null)!;
            return plain.Serialization.FindSerializerForType(type).ToBinary(order);
        }
        finally
        {
            await plain.Terminate();
        }
    }

    private sealed class Chosen : ReceiveActor
    {
        public Chosen() => Interlocked.Increment(ref s_made);

        public sealed class Supervisor : ReceiveActor;
    }
}
