using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Actors.Tests.Remote.Embedded;

[Collection(RealTime.Name)]
public sealed class TcpSecurityTests : IAsyncLifetime
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    // For those who say nothing; short, for they are waited for, and long enough for an honest node on a busy machine.
    private static readonly TimeSpan s_handshake = TimeSpan.FromSeconds(3);
    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (ActorSystem system in _systems) await system.Terminate().WaitAsync(s_timeout);
    }

    [Fact]
    public async Task Nodes_with_the_same_key_talk()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        (await Asked(new TcpSettings { SharedKey = key }, new TcpSettings { SharedKey = key })).ShouldBe("hello");
    }

    [Fact]
    public async Task Nodes_with_certificates_of_one_authority_talk()
    {
        using X509Certificate2 authority = TcpTestNode.Authority();
        (await Asked(new TcpSettings { Tls = TcpTestNode.Certified(authority) }, new TcpSettings { Tls = TcpTestNode.Certified(authority) })).ShouldBe("hello");
    }

    [Fact]
    public async Task A_key_and_certificates_may_both_be_wanted()
    {
        using X509Certificate2 authority = TcpTestNode.Authority();
        byte[] key = RandomNumberGenerator.GetBytes(32);
        TcpSettings Both() => new() { SharedKey = key, Tls = TcpTestNode.Certified(authority) };
        (await Asked(Both(), Both())).ShouldBe("hello");
    }

    [Theory]
    [InlineData("another key", "proof of the shared key")]
    [InlineData("no key", "got one without")]
    [InlineData("a key that is not wanted", "wanted a node without a shared key")]
    public async Task A_node_with_another_key_is_refused_and_both_sides_say_why(string kind, string reason)
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        TcpSettings listening = kind == "a key that is not wanted" ? new() : new() { SharedKey = key };
        TcpSettings connecting = kind == "no key" ? new() : new() { SharedKey = RandomNumberGenerator.GetBytes(32) };
        await IsRefused(listening, connecting, reason);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused_on_either_side()
    {
        using X509Certificate2 authority = TcpTestNode.Authority();
        using X509Certificate2 stranger = TcpTestNode.Authority();
        // The listening side is trusted by the other, which it does not trust.
        TcpNetwork listening = new(new TcpSettings { Tls = TcpTestNode.Certified(authority) });
        Task<string> warned = await NobodyAnswers(listening, new TcpSettings { Tls = TcpTestNode.Certified(stranger, trusted: authority) });
        await warned.WaitAsync(s_timeout);
        listening.Counters.Refused.ShouldBeGreaterThan(0);
        // The connecting side trusts no such listener.
        await NobodyAnswers(new TcpNetwork(new TcpSettings { Tls = TcpTestNode.Certified(stranger, trusted: authority) }), new TcpSettings { Tls = TcpTestNode.Certified(authority) });
    }

    [Fact]
    public async Task A_certificate_for_another_host_is_refused()
    {
        using X509Certificate2 authority = TcpTestNode.Authority();
        TcpNetwork listening = new(new TcpSettings { Tls = TcpTestNode.Certified(authority, host: "elsewhere.example") });
        await NobodyAnswers(listening, new TcpSettings { Tls = TcpTestNode.Certified(authority) });
    }

    [Fact]
    public async Task A_node_without_TLS_gets_nowhere_with_one_that_wants_it()
    {
        using X509Certificate2 authority = TcpTestNode.Authority();
        await NobodyAnswers(new TcpNetwork(new TcpSettings { Tls = TcpTestNode.Certified(authority) }), new TcpSettings());
    }

    [Fact]
    public async Task A_node_of_another_cluster_is_refused_and_ends()
    {
        ActorSystem seed = Start(new TcpNetwork(), "one");
        ActorCluster.Get(seed).Join(ActorCluster.Get(seed).SelfAddress);
        ActorSystem other = Start(new TcpNetwork(), "two");
        Address door = ActorCluster.Get(seed).SelfAddress;
        // It believes the seed to be of its own cluster, as a wrong setting makes it believe.
        ActorCluster.Get(other).JoinSeedNodes([new Address("akka", "two", door.Host, door.Port)]);
        await other.WhenTerminated.WaitAsync(s_timeout);
        ActorCluster.Get(seed).IsTerminated.ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_with_another_key_ends_when_it_wants_to_join()
    {
        ActorSystem seed = Start(new TcpNetwork(new TcpSettings { SharedKey = RandomNumberGenerator.GetBytes(32) }));
        ActorSystem stranger = Start(new TcpNetwork(new TcpSettings { SharedKey = RandomNumberGenerator.GetBytes(32) }));
        ActorCluster.Get(stranger).JoinSeedNodes([((ExtendedActorSystem)seed).Provider.DefaultAddress]);
        await stranger.WhenTerminated.WaitAsync(s_timeout);
    }

    [Fact]
    public async Task A_node_of_another_protocol_version_is_told_which_is_wanted()
    {
        ActorSystem node = Start(new TcpNetwork());
        using TcpClient peer = await Connect(node);
        byte[] hello = [43, 0, .. "CLUSTER\n"u8, 99, 0, 0, .. new byte[32]];
        await peer.GetStream().WriteAsync(hello);
        string answer = System.Text.Encoding.UTF8.GetString(await ReadToEnd(peer));
        answer.ShouldContain($"wanted protocol version {Handshake.ProtocolVersion}, got 99");
    }

    [Fact]
    public async Task Whoever_says_nothing_is_told_nothing_and_loses_its_place()
    {
        TcpNetwork network = new(new TcpSettings { UnauthenticatedMax = 2, HandshakeTimeout = s_handshake });
        ActorSystem node = Start(network);
        TcpClient[] silent = [await Connect(node), await Connect(node), await Connect(node), await Connect(node)];
        foreach (TcpClient peer in silent)
        {
            (await ReadToEnd(peer)).ShouldBeEmpty();
            peer.Dispose();
        }

        // And then there is room for those who belong here, if only a moment after the last place was lost.
        node.ActorOf(Props.Create(() => new Echo()), "echo");
        (await TcpTestNode.AskUntilAnswered(Start(new TcpNetwork()), EchoOf(node), "hello")).ShouldBe("hello");
    }

    [Fact]
    public async Task A_recorded_introduction_is_worth_nothing_a_second_time()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        TcpNetwork network = new(new TcpSettings { SharedKey = key });
        (ActorSystem node, Task<string> warned) = StartListened(network, "was refused");
        Introduction introduction = new(new UniqueAddress(new Address("akka", "net", "127.0.0.1", 9), 7), ((ExtendedActorSystem)node).Provider.DefaultAddress, Lane.Control);
        using TcpClient first = await Connect(node);
        RecordingStream recorded = new(first.GetStream());
        await new Handshake(recorded, key).ConnectAsync(introduction, CancellationToken.None);
        network.Counters.Refused.ShouldBe(0);

        using TcpClient second = await Connect(node);
        await second.GetStream().WriteAsync(recorded.Written.ToArray());
        string answer = System.Text.Encoding.UTF8.GetString(await ReadToEnd(second));
        answer.ShouldContain("wanted a proof of the shared key");
        answer.ShouldNotContain("net");
        await warned.WaitAsync(s_timeout);
        network.Counters.Refused.ShouldBe(1);
    }

    [Fact]
    public async Task A_peer_that_takes_connections_and_never_answers_costs_a_deadline_and_nothing_else()
    {
        using TcpListener mute = new(IPAddress.Loopback, 0);
        mute.Start();
        TcpNetwork network = new(new TcpSettings { HandshakeTimeout = s_handshake });
        ActorSystem node = Start(network);
        Address there = new("akka", "net", "127.0.0.1", ((IPEndPoint)mute.LocalEndpoint).Port);
        await Should.ThrowAsync<AskTimeoutException>(node.ActorSelection(there + "/user/nobody").Ask<string>("hello", s_handshake + TimeSpan.FromSeconds(1)));
        ActorSystem other = Start(new TcpNetwork());
        other.ActorOf(Props.Create(() => new Echo()), "echo");
        (await Ask(node, other)).ShouldBe("hello");
    }

    [Fact]
    public void Without_key_and_certificates_a_node_listens_on_loopback_only() =>
        Should.Throw<InvalidOperationException>(() => new TcpNetwork().Reserve("0.0.0.0", 0)).Message.ShouldContain("wanted a shared key or TLS");

    private static async Task<TcpClient> Connect(ActorSystem node)
    {
        TcpClient peer = new();
        await peer.ConnectAsync(IPAddress.Loopback, ((ExtendedActorSystem)node).Provider.DefaultAddress.Port!.Value);
        return peer;
    }

    private static async Task<byte[]> ReadToEnd(TcpClient peer)
    {
        using CancellationTokenSource deadline = new(s_timeout);
        using MemoryStream all = new();
        try
        {
            await peer.GetStream().CopyToAsync(all, deadline.Token);
        }
        catch (IOException)
        {
            // Closed with bytes unread: what had come counts.
        }

        return all.ToArray();
    }

    private static Task<string> Ask(ActorSystem from, ActorSystem to, TimeSpan? patience = null) =>
        from.ActorSelection(EchoOf(to)).Ask<string>("hello", patience ?? s_timeout);

    private static string EchoOf(ActorSystem node) => ((ExtendedActorSystem)node).Provider.DefaultAddress + "/user/echo";

    /// <summary>What is lost with a connection that is not made in time is never sent again.</summary>
    private static TcpSettings Patient(TcpSettings settings) => settings with { HandshakeTimeout = s_timeout };

    private async Task<string> Asked(TcpSettings listening, TcpSettings connecting)
    {
        ActorSystem b = Start(new TcpNetwork(Patient(listening)));
        b.ActorOf(Props.Create(() => new Echo()), "echo");
        return await Ask(Start(new TcpNetwork(Patient(connecting))), b);
    }

    /// <returns>What the listening side says once it has refused the other.</returns>
    private async Task<Task<string>> NobodyAnswers(TcpNetwork listening, TcpSettings connecting)
    {
        (ActorSystem b, Task<string> warned) = StartListened(listening, "was refused");
        b.ActorOf(Props.Create(() => new Echo()), "echo");
        TcpNetwork network = new(connecting);
        await Should.ThrowAsync<AskTimeoutException>(Ask(Start(network), b, TimeSpan.FromSeconds(1)));
        listening.Counters.Received.ShouldBe(0);
        network.Counters.Sent.ShouldBe(0);
        return warned;
    }

    private async Task IsRefused(TcpSettings listening, TcpSettings connecting, string reason)
    {
        TcpNetwork network = new(Patient(listening));
        (ActorSystem b, Task<string> warned) = StartListened(network, "was refused");
        (ActorSystem a, Task<string> heard) = StartListened(new TcpNetwork(Patient(connecting)), reason);
        a.ActorSelection(EchoOf(b)).Tell("hello", ActorRefs.NoSender);
        (await heard.WaitAsync(s_timeout)).ShouldContain("refused this node");
        await warned.WaitAsync(s_timeout);      // said after the other side has been told: the two are not in order
        network.Counters.Received.ShouldBe(0);
        network.Counters.Refused.ShouldBeGreaterThan(0);
    }

    /// <summary>A node, and the first line of its log that holds these words.</summary>
    private (ActorSystem Node, Task<string> Said) StartListened(TcpNetwork network, string words)
    {
        TaskCompletionSource<string> said = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Start(network, adjust: setup => setup with { LogWriter = line => Note(line.ToString()!) }), said.Task);

        void Note(string line)
        {
            if (line.Contains(words, StringComparison.Ordinal)) said.TrySetResult(line);
        }
    }

    private ActorSystem Start(TcpNetwork network, string name = "net", Func<EmbeddedSetup, EmbeddedSetup>? adjust = null)
    {
        ActorSystem system = TcpTestNode.Start(network, name, adjust);
        _systems.Add(system);
        return system;
    }
}
