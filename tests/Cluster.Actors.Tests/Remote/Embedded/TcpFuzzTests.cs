using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Actors.Tests.Remote.Embedded;

/// <summary>
/// Malformed, truncated, oversized and replayed bytes against a listening node, before and after the handshake, with and without
/// TLS, beside a good connection. CLUSTER_FUZZ_FRAMES=1000000 sends that many.
/// </summary>
[Collection(RealTime.Name)]
public sealed class TcpFuzzTests : IAsyncLifetime
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private readonly List<ActorSystem> _systems = [];
    private uint _state = 88172645;

    // A handshake takes as long as a thousand frames: the more there are, the more of them come over one connection.
    private static int FramesPerConnection => Math.Clamp(Frames / 5000, 40, 400);

    private static int Frames => int.Parse(Environment.GetEnvironmentVariable("CLUSTER_FUZZ_FRAMES") ?? "20000", CultureInfo.InvariantCulture);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (ActorSystem system in _systems) await system.Terminate().WaitAsync(s_timeout);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_that_are_no_frames_cost_their_sender_the_connection_and_nobody_else_anything(bool tls)
    {
        using X509Certificate2 authority = TcpTestNode.Authority();
        TcpSettings Settings() => new() { Tls = tls ? TcpTestNode.Certified(authority) : null, HandshakeTimeout = s_timeout };
        TlsSettings? attacker = Settings().Tls;
        TcpNetwork network = new(Settings());
        ActorSystem node = Start(network);
        node.ActorOf(Props.Create(() => new Echo()), "echo");
        ActorSystem good = Start(new TcpNetwork(Settings()));
        IActorRef echo = await good.ActorSelection(AddressOf(node) + "/user/echo").ResolveOne(s_timeout);
        byte[][] frames = SomeFrames(good, node);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int sent = 0; sent < Frames;)
        {
            using TcpClient peer = new();
            await peer.ConnectAsync(IPAddress.Loopback, AddressOf(node).Port!.Value);
            sent += await Attack(peer, frames, AddressOf(node), attacker);
            if (sent % (FramesPerConnection * 16) == 0) (await echo.Ask<int>(sent, s_timeout)).ShouldBe(sent);
        }

        (await echo.Ask<string>("still here", s_timeout)).ShouldBe("still here");
        network.Counters.Malformed.ShouldBeGreaterThan(0);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(64 * 1024 * 1024);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_that_are_no_handshake_are_answered_with_no_more_than_a_nonce_or_a_refusal(bool tls)
    {
        using X509Certificate2 authority = TcpTestNode.Authority();
        TcpNetwork network = new(new TcpSettings { SharedKey = new byte[32], Tls = tls ? TcpTestNode.Certified(authority) : null, HandshakeTimeout = TimeSpan.FromMilliseconds(500) });
        ActorSystem node = Start(network);
        byte[] hello = [43, 0, .. "CLUSTER\n"u8, (byte)Handshake.ProtocolVersion, 0, 1, .. new byte[32]];
        for (int i = 0; i < Math.Min(Frames / FramesPerConnection, 2000); i++)
        {
            using TcpClient peer = new();
            await peer.ConnectAsync(IPAddress.Loopback, AddressOf(node).Port!.Value);
            NetworkStream stream = peer.GetStream();
            await TryWrite(stream, i % 3 == 0 ? Noise(1 + (int)(Next() % 2000)) : [.. Mutated(hello), .. Noise((int)(Next() % 300))]);
            TryEnd(peer.Client);
            (await ReadToEnd(stream)).Length.ShouldBeLessThan(512);
        }

        network.Counters.Received.ShouldBe(0);
        network.Counters.Refused.ShouldBeGreaterThan(0);
    }

    private async Task<int> Attack(TcpClient peer, byte[][] frames, Address to, TlsSettings? tls)
    {
        Stream stream = peer.GetStream();
        if (tls is not null)
        {
            SslStream secured = new(stream, leaveInnerStreamOpen: false);
            X509ChainPolicy chain = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            chain.CustomTrustStore.AddRange(tls.Authorities);
            await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = to.Host, ClientCertificates = [tls.Certificate], CertificateChainPolicy = chain });
            stream = secured;
        }

        Introduction introduction = new(new UniqueAddress(new Address("akka", "net", "127.0.0.1", 1 + (int)(Next() % 60000)), (int)(Next() & int.MaxValue)), to, Lane.Ordinary);
        await new Handshake(stream, default).ConnectAsync(introduction, CancellationToken.None);
        using MemoryStream batch = new();
        for (int i = 0; i < FramesPerConnection; i++)
        {
            byte[] frame = frames[Next() % (uint)frames.Length];
            // The first few keep their lengths, so that what is inside is tried as well; later ones break the stream itself.
            byte[] bad = i < FramesPerConnection - 5 ? MutatedInside(frame) : Mutated(frame);
            batch.Write(bad);
        }

        await TryWrite(stream, batch.ToArray());
        await stream.DisposeAsync();
        return FramesPerConnection;
    }

    private static async Task TryWrite(Stream stream, byte[] bytes)
    {
        try
        {
            await stream.WriteAsync(bytes).AsTask().WaitAsync(s_timeout);
        }
        catch (IOException)
        {
            // The node has closed the connection already.
        }
    }

    private static void TryEnd(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The node has closed the connection already.
        }
    }

    private static async Task<byte[]> ReadToEnd(Stream stream)
    {
        using CancellationTokenSource deadline = new(s_timeout);
        using MemoryStream all = new();
        try
        {
            await stream.CopyToAsync(all, deadline.Token);
        }
        catch (IOException)
        {
            // Closed with bytes unread: what had come counts.
        }

        return all.ToArray();
    }

    private static byte[][] SomeFrames(ActorSystem from, ActorSystem to)
    {
        ActorRefProvider provider = ((ExtendedActorSystem)from).Provider;
        object[] messages = ["text", 5, 2L, 1.5, true, new byte[300], new byte[100_000], new Identify("who"), PoisonPill.Instance, new Status.Success("yes")];
        return [.. messages.Select(message =>
        {
            NodeEnvelope envelope = new(AddressOf(from), 1, AddressOf(to), new RootActorPath(AddressOf(to)) / "user" / "nobody", provider.DeadLetters, message);
            using OutgoingFrame frame = FrameFormat.TryWrite(envelope, from.Serialization)!;
            return frame.Bytes.ToArray();
        })];
    }

    private byte[] Mutated(byte[] bytes)
    {
        byte[] bad = [.. bytes];
        switch (Next() % 3)
        {
            case 0:
                return bad[..(int)(Next() % (uint)bad.Length)];
            case 1:
                return [.. Noise(6), .. bad];
            default:
                for (int i = 0; i < 4; i++) bad[Next() % (uint)bad.Length] = (byte)(Next() & 0xFF);
                return bad;
        }
    }

    private byte[] MutatedInside(byte[] frame)
    {
        byte[] bad = [.. frame];
        // Only the message: a broken header ends the connection, and with it what comes after.
        int message = FrameFormat.PrefixBytes + FrameFormat.ReadPrefix(frame).Header;
        if (message < bad.Length) bad[message + (int)(Next() % (uint)(bad.Length - message))] = (byte)(Next() & 0xFF);
        return bad;
    }

    private byte[] Noise(int count)
    {
        byte[] noise = new byte[count];
        for (int i = 0; i < count; i++) noise[i] = (byte)(Next() & 0xFF);
        return noise;
    }

    private uint Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        return _state ^= _state << 5;
    }

    private static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    private ActorSystem Start(TcpNetwork network)
    {
        ActorSystem system = TcpTestNode.Start(network, adjust: setup => setup with { LogLevel = LogLevel.ErrorLevel });
        _systems.Add(system);
        return system;
    }
}
