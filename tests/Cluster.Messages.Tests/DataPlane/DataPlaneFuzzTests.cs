using System.Globalization;
using System.Net.Sockets;
using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

/// <summary>Broken frames over real sockets: CLUSTER_FUZZ_FRAMES says how many, 20,000 by default.</summary>
public sealed class DataPlaneFuzzTests
{
    private const int FramesOfConnectionMax = 40;
    private const long GrowthMax = 64L * 1024 * 1024;
    private static readonly DataPeer s_raw = new("raw", "127.0.0.1");
    private static readonly int s_frames = int.Parse(Environment.GetEnvironmentVariable("CLUSTER_FUZZ_FRAMES") ?? "20000", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task Whatever_comes_the_node_stays_up_and_its_memory_bounded(string kind)
    {
        await using DataPair pair = new(kind);
        Random random = new(20261129);
        byte[] place = new byte[200_000];
        pair.To.Expect(s_raw, new VectorKey(1, 1, 0), place);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int sent = 0; sent < s_frames / 2;) sent += Attack(pair, random);
        // What is still open ends with this node's connections; what they held must be gone.
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(GrowthMax);
        pair.Got.WholeCount.ShouldBe(0);

        byte[] honest = random.Bytes(100_000), got = new byte[100_000];
        pair.To.Expect(DataPair.Sender, new VectorKey(2, 1, 0), got);
        await pair.Send(new VectorKey(2, 1, 0), honest);
        pair.Got.NextWhole();
        got.ShouldBe(honest);
    }

    [Fact]
    public async Task Broken_introductions_lead_nowhere()
    {
        await using DataPair pair = new("tcp");
        Random random = new(5);
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = RawPeer.Introduction("raw");
            switch (random.Below(3))
            {
                case 0:
                    bytes[random.Below(8)] ^= (byte)(1 + random.Below(255));
                    break;
                case 1:
                    bytes[9 + (2 * random.Below(2))] = (byte)(2 + random.Below(250));
                    break;
                default:
                    bytes = random.Bytes(1 + random.Below(400));
                    break;
            }
            using RawPeer peer = new(pair.At);
            peer.TrySend(bytes);
            peer.Finish();
            peer.ReadToEnd().ShouldBeEmpty();
            pair.Got.NextEnd().IsOutgoing.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Credits_without_end_from_a_receiver_end_its_connection()
    {
        using StalledReceiver flooding = new();
        await using DataPair pair = new("tcp");
        Task sent = pair.From.SendAsync(flooding.EndPoint, StalledReceiver.Peer, new VectorKey(-1, 1, 0), new byte[8], 0, 8);
        Should.Throw<SocketException>(() =>
        {
            for (long i = 0; i < 10_000_000; i++) flooding.Grant(new VectorKey(i, 1, 0), 8);
        });
        (await Should.ThrowAsync<IOException>(sent)).Message.ShouldContain("credits, got one more");
    }

    /// <summary>One connection with some frames, of which one at least is broken: it must end, and only it.</summary>
    private static int Attack(DataPair pair, Random random)
    {
        using RawPeer peer = new(pair.At);
        peer.TrySend(RawPeer.Introduction(s_raw.Name));
        int count = 1 + random.Below(FramesOfConnectionMax);
        for (int i = 0; i < count && peer.TrySend(Frame(random)); i++)
        {
        }
        peer.TrySend(Broken(random));
        peer.Finish();
        peer.ReadToEnd();
        pair.Got.NextEnd().ShouldSatisfyAllConditions(end => end.Peer.ShouldBe("raw"), end => end.IsOutgoing.ShouldBeFalse());
        return count + 1;
    }

    private static byte[] Frame(Random random) => random.Below(8) switch
    {
        // Sound but for one thing: a vector that nobody wants, a pulse, a part that was sent before.
        0 or 1 => Numbers(random, new VectorKey(random.Below(5), random.Below(3), 7), 0, 1 + random.Below(5000)),
        2 or 3 => RawPeer.Frame(FrameHeader.Pulse, []),
        4 or 5 => Numbers(random, new VectorKey(1, 1, 0), 0, DataPlaneLimits.SliceBytes),
        _ => Broken(random),
    };

    private static byte[] Broken(Random random)
    {
        byte[] sound = Numbers(random, new VectorKey(1, 1, 0), DataPlaneLimits.SliceBytes * random.Below(3), random.Pick(8, DataPlaneLimits.SliceBytes));
        switch (random.Below(5))
        {
            case 0:
                sound[random.Below(FrameHeader.Bytes)] ^= (byte)(1 << random.Below(8));
                return sound;
            case 1:
                return sound[..random.Below(sound.Length)];
            case 2:
                return random.Bytes(FrameHeader.Bytes + random.Below(100));
            case 3:
                // The header is right, the numbers are not its.
                sound[FrameHeader.Bytes + random.Below(sound.Length - FrameHeader.Bytes)] ^= 1;
                return sound;
            default:
                return RawPeer.Frame(new FrameHeader(
                    (FrameKind)random.Below(7), new VectorKey(1, 1, 0), (int)(uint.MaxValue & random.Next() >> 33), (int)(random.Next() >> 33), 0), []);
        }
    }

    private static byte[] Numbers(Random random, VectorKey key, int offset, int length)
    {
        byte[] numbers = random.Bytes(length);
        return RawPeer.Frame(new FrameHeader(FrameKind.Numbers, key, offset, length, Crc32C.Of(numbers)), numbers);
    }
}
