using System.Buffers.Binary;
using System.Globalization;
using Cluster.Messages.Node;

namespace Cluster.Messages.Tests.Hosting;

/// <summary>Broken frames at the port where a node takes messages, beside a member that goes on: CLUSTER_FUZZ_FRAMES says how many, 20,000 by default.</summary>
public sealed class RemotingFuzzTests
{
    private const int FramesOfConnection = 40;
    private const long GrowthMax = 64L * 1024 * 1024;
    private static readonly int s_frames = int.Parse(Environment.GetEnvironmentVariable("CLUSTER_FUZZ_FRAMES") ?? "20000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Whatever_comes_the_node_stays_up_answers_and_its_memory_is_bounded()
    {
        await using ListeningNode node = await ListeningNode.StartAsync(new NodeOptions());
        await using ClusterNode member = ListeningNode.Join(node, new NodeOptions());
        await member.WaitUntilUp(ListeningNode.Deadline);
        Random random = new(20261130);
        await Honest(node, member, "before");
        await Attack(node, random);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int sent = 0, connections = 1; sent < s_frames; connections++)
        {
            sent += await Attack(node, random);
            if (connections % 16 == 0) await Honest(node, member, $"after-{sent}");
        }

        await Honest(node, member, "at-last");
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(GrowthMax);
        node.Node.System.WhenTerminated.IsCompleted.ShouldBeFalse();
        node.Node.Membership.State.Members.Count.ShouldBe(2);
        node.Node.Membership.State.Unreachable.ShouldBeEmpty();
    }

    /// <summary>The member is answered; what else the node heard are messages whose bytes were spoilt without a trace.</summary>
    private static async Task Honest(ListeningNode node, ClusterNode member, string job) =>
        (await member.System.ActorSelection(node.EarPath).Ask<JobCancelling>(new DescribeJob(new(job)), ListeningNode.Deadline)).Job.Value.ShouldBe(job);

    /// <summary>One connection: an introduction, sound mostly, and frames one of whose bytes at least is wrong.</summary>
    private static async Task<int> Attack(ListeningNode node, Random random)
    {
        using RemotingPeer peer = new(node.Node.Address);
        byte[] introduction = node.IntroductionFrame(1 + random.Below(1000), random.Next());
        await peer.TrySendAsync(random.OneIn(8) ? Spoilt(introduction, random, from: 0) : introduction);
        for (int i = 0; i < FramesOfConnection; i++)
            if (!await peer.TrySendAsync(Broken(node, random, isLast: i == FramesOfConnection - 1))) return i + 1;
        await peer.ReadToEndAsync();
        return FramesOfConnection;
    }

    private static byte[] Broken(ListeningNode node, Random random, bool isLast)
    {
        byte[] sound = node.MessageFrame("spoilt");
        if (isLast) return LastOf(sound, random);
        return random.Below(6) switch
        {
            // The lengths are kept, so that what is inside is tried as well.
            0 or 1 or 2 => Spoilt(sound, random, from: 4),
            3 => RemotingFrames.Framed(random.Bytes(random.Below(300))),
            4 => RemotingFrames.Message(node.EarPath, random.Below(40) - 5, random.Pick("", "DJ1", "System.String, System.Private.CoreLib", "nothing"), random.Bytes(random.Below(100))),
            _ => RemotingFrames.Message(random.Pick("", "akka://", "/user/ear", node.EarPath + "/nobody"), 1, "", random.Bytes(10)),
        };
    }

    /// <summary>After these nothing more can be read from the connection.</summary>
    private static byte[] LastOf(byte[] sound, Random random)
    {
        switch (random.Below(3))
        {
            case 0:
                return sound[..(1 + random.Below(sound.Length - 1))];
            case 1:
                BinaryPrimitives.WriteInt32LittleEndian(sound, random.Pick(int.MaxValue, int.MinValue, -1, 0, 64 * 1024 * 1024));
                return sound;
            default:
                return random.Bytes(1 + random.Below(2000));
        }
    }

    private static byte[] Spoilt(byte[] frame, Random random, int from)
    {
        byte[] bytes = [.. frame];
        for (int i = 1 + random.Below(4); i > 0; i--) bytes[from + random.Below(bytes.Length - from)] ^= (byte)(1 << random.Below(8));
        return bytes;
    }
}
