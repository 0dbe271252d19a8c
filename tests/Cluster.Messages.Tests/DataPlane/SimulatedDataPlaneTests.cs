using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

/// <summary>The same nodes over a network that is simulated: its order is the seed's.</summary>
public sealed class SimulatedDataPlaneTests
{
    private static readonly DataPeer s_server = new("server", "a"), s_worker = new("worker", "b");
    private static readonly DataEndPoint s_at = DataEndPoint.Tcp("b", 1);

    [Fact]
    public async Task Whatever_the_order_every_vector_arrives_whole_and_through_a_cut()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            Random random = new(seed);
            RecordedEvents got = new(), heard = new();
            await using SimulatedTransport network = new(random);
            await using DataPlaneNode server = Node(s_server, network, heard), worker = Node(s_worker, network, got);
            worker.Listen(s_at);
            byte[][] sent = [.. Enumerable.Range(0, 6).Select(i => random.Bytes(1 + random.Below(700_000)))], places = [.. sent.Select(vector => new byte[vector.Length])];

            Send(server, sent, places, random);
            Expect(worker, places, 0, 3);
            network.Run();
            network.Cut();
            got.NextEnd().Peer.ShouldBe("server");
            heard.NextEnd().Peer.ShouldBe("worker");
            int before = got.WholeCount;
            before.ShouldBeLessThanOrEqualTo(3);

            Expect(worker, places, 3, 6);
            for (int i = 0; i < sent.Length; i++) _ = server.SendAsync(s_at, s_worker, new VectorKey(i, 1, 0), sent[i], 0, sent[i].Length);
            network.Run();

            got.WholeCount.ShouldBe(6, $"seed {seed}");
            for (int i = 0; i < sent.Length; i++) places[i].ShouldBe(sent[i], $"vector {i}, seed {seed}");
        }
    }

    private static DataPlaneNode Node(DataPeer self, SimulatedTransport network, IDataEvents events) => new(self, network, events, new DataPlaneOptions(), new ManualClock());

    // Slices at random, some of them never: the connection is cut before.
    private static void Send(DataPlaneNode server, byte[][] vectors, byte[][] places, Random random)
    {
        for (int i = 0; i < places.Length; i++)
        {
            for (int offset = 0; offset < vectors[i].Length; offset += DataPlaneLimits.SliceBytes)
            {
                if (random.OneIn(4)) continue;
                _ = server.SendAsync(s_at, s_worker, new VectorKey(i, 1, 0), vectors[i], offset, Math.Min(DataPlaneLimits.SliceBytes, vectors[i].Length - offset));
            }
        }
    }

    private static void Expect(DataPlaneNode worker, byte[][] places, int first, int end)
    {
        for (int i = first; i < end; i++) worker.Expect(s_server, new VectorKey(i, 1, 0), places[i]);
    }
}
