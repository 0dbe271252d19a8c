using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

public sealed class DataPlaneNodeTests
{
    private const int Slice = DataPlaneLimits.SliceBytes;
    private readonly Random _random = new(7);

    [Theory]
    [InlineData("tcp", 1)]
    [InlineData("tcp", Slice)]
    [InlineData("tcp", 3_000_001)]
    [InlineData("unix", 3_000_001)]
    [InlineData("tls", 3_000_001)]
    [InlineData("key", 3_000_001)]
    public async Task A_vector_arrives_in_its_place_bit_by_bit(string kind, int bytes)
    {
        await using DataPair pair = new(kind);
        byte[] sent = _random.Bytes(bytes), got = new byte[bytes];
        for (int round = 0; round < 3; round++)
        {
            VectorKey key = new(1, 1, round);
            Array.Clear(got);
            pair.To.Expect(DataPair.Sender, key, got);
            await pair.Send(key, sent);
            pair.Got.NextWhole().ShouldBe(key);
            got.AsSpan().SequenceEqual(sent).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("tls")]
    public async Task Slices_leave_in_any_order(string kind)
    {
        await using DataPair pair = new(kind);
        VectorKey key = new(1, 1, 0);
        byte[] sent = _random.Bytes((5 * Slice) + 12), got = new byte[sent.Length];
        pair.To.Expect(DataPair.Sender, key, got);

        Task[] parts =
        [
            pair.Send(key, sent, 4 * Slice, Slice + 12),
            pair.Send(key, sent, Slice, Slice),
            pair.Send(key, sent, 2 * Slice, 2 * Slice),
            pair.Send(key, sent, 0, Slice),
        ];

        await Task.WhenAll(parts);
        pair.Got.NextWhole().ShouldBe(key);
        got.AsSpan().SequenceEqual(sent).ShouldBeTrue();
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task A_vector_without_a_place_holds_up_no_other_on_the_same_connection(string kind)
    {
        await using DataPair pair = new(kind);
        byte[] sent = _random.Bytes(4_000_000), slow = new byte[sent.Length], quick = new byte[sent.Length];
        Task waits = pair.Send(new VectorKey(1, 1, 0), sent);
        for (int round = 0; round < 4; round++)
        {
            Array.Clear(quick);
            pair.To.Expect(DataPair.Sender, new VectorKey(2, 1, round), quick);
            await pair.Send(new VectorKey(2, 1, round), sent);
            pair.Got.NextWhole().Stream.ShouldBe(2);
            quick.AsSpan().SequenceEqual(sent).ShouldBeTrue();
        }
        waits.IsCompleted.ShouldBeFalse();

        pair.To.Expect(DataPair.Sender, new VectorKey(1, 1, 0), slow);
        await waits;
        pair.Got.NextWhole().Stream.ShouldBe(1);
        slow.AsSpan().SequenceEqual(sent).ShouldBeTrue();
    }

    [Fact]
    public async Task A_node_that_does_not_read_holds_up_no_other_node()
    {
        using StalledReceiver stalled = new();
        await using DataPair pair = new("tcp", new DataPlaneOptions { StallDeadline = TimeSpan.FromHours(1), SendDeadline = TimeSpan.FromHours(1) });
        byte[] sent = _random.Bytes(32_000_000), got = new byte[sent.Length];
        VectorKey key = new(1, 1, 0);
        Task waits = pair.From.SendAsync(stalled.EndPoint, StalledReceiver.Peer, key, sent, 0, sent.Length);
        stalled.Grant(key, sent.Length);

        pair.To.Expect(DataPair.Sender, key, got);
        await pair.Send(key, sent);

        pair.Got.NextWhole().ShouldBe(key);
        got.AsSpan().SequenceEqual(sent).ShouldBeTrue();
        waits.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_place_that_was_given_up_gets_nothing_and_the_connection_goes_on()
    {
        await using DataPair pair = new("tcp");
        byte[] sent = _random.Bytes(Slice), place = new byte[Slice], got = new byte[Slice];
        pair.To.Expect(DataPair.Sender, new VectorKey(1, 1, 0), place);
        await pair.To.Forget(DataPair.Sender, new VectorKey(1, 1, 0));
        Task waits = pair.Send(new VectorKey(1, 1, 0), sent);
        pair.To.Expect(DataPair.Sender, new VectorKey(1, 1, 1), got);
        await pair.Send(new VectorKey(1, 1, 1), sent);

        pair.Got.NextWhole().Round.ShouldBe(1);
        place.ShouldAllBe(b => b == 0);
        pair.From.Abandon(DataPair.Receiver, new VectorKey(1, 1, 0));
        await Should.ThrowAsync<IOException>(waits);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    [InlineData("tls")]
    public async Task The_end_of_a_connection_is_told_to_both_and_places_wait_for_the_next(string kind)
    {
        await using DataPair pair = new(kind);
        byte[] sent = _random.Bytes(100), got = new byte[100];
        VectorKey key = new(1, 1, 0);
        pair.To.Expect(DataPair.Sender, key, got);
        await pair.Send(key, sent);
        pair.Got.NextWhole();
        pair.To.Expect(DataPair.Sender, key, got);

        await pair.From.DisposeAsync();

        pair.Got.NextEnd().ShouldSatisfyAllConditions(end => end.Peer.ShouldBe("sender#1"), end => end.IsOutgoing.ShouldBeFalse());
        pair.Heard.NextEnd().ShouldBe(("receiver#1", true, "this node has ended"));
        await using DataPlaneNode again = DataPlaneNode.OverSockets(DataPair.Sender, DataPair.TrustOf(kind), pair.Heard);
        await again.SendAsync(pair.At, DataPair.Receiver, key, sent, 0, sent.Length);
        pair.Got.NextWhole().ShouldBe(key);
    }

    [Fact]
    public async Task Nobody_there_fails_the_sending_and_the_next_one_tries_again()
    {
        await using DataPair pair = new("tcp");
        await pair.To.DisposeAsync();
        for (int i = 0; i < 2; i++)
        {
            await Should.ThrowAsync<IOException>(pair.Send(new VectorKey(1, 1, 0), new byte[4]));
            pair.Heard.NextEnd().Peer.ShouldBe("receiver#1");
        }
    }

    [Fact]
    public async Task Another_node_at_the_address_gets_nothing()
    {
        await using DataPair pair = new("tcp");
        Task sent = pair.From.SendAsync(pair.At, new DataPeer("receiver#2", "127.0.0.1"), new VectorKey(1, 1, 0), new byte[4], 0, 4);
        (await Should.ThrowAsync<IOException>(sent)).Message.ShouldContain("wanted the node receiver#2");
    }

    [Fact]
    public async Task Memory_that_is_no_array_is_sent_and_received_too()
    {
        await using DataPair pair = new("tcp");
        using NativeBytes sent = new(300_000), got = new(300_000);
        _random.Bytes(300_000).CopyTo(sent.Memory.Span);
        pair.To.Expect(DataPair.Sender, new VectorKey(1, 1, 0), got.Memory);
        await pair.From.SendAsync(pair.At, DataPair.Receiver, new VectorKey(1, 1, 0), sent.Memory, 0, 300_000);
        pair.Got.NextWhole();
        got.Memory.Span.SequenceEqual(sent.Memory.Span).ShouldBeTrue();
    }
}
