using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

public sealed class DataInboxTests
{
    private const int Slice = DataPlaneLimits.SliceBytes;
    private static readonly VectorKey s_key = new(1, 1, 1);
    private readonly RecordedEvents _events = new();
    private readonly List<FrameHeader> _told = [];
    private readonly DataInbox _inbox;

    public DataInboxTests() => _inbox = new DataInbox(new DataPeer("peer", "127.0.0.1"), _events);

    [Fact]
    public void A_place_is_told_of_when_it_opens_and_to_each_new_connection()
    {
        _inbox.Expect(s_key, new byte[100]);
        _inbox.Attach(_told.Add);
        _inbox.Expect(s_key with { Round = 2 }, new byte[200]);

        _told.Select(header => (header.Kind, header.Key.Round, header.Length)).ShouldBe([(FrameKind.Credit, 1L, 100), (FrameKind.Credit, 2L, 200)]);
    }

    [Fact]
    public void Slices_in_any_order_make_a_vector_whole_once()
    {
        _inbox.Expect(s_key, new byte[(2 * Slice) + 8]);
        Receive(2 * Slice, 8);
        Receive(0, Slice);
        _events.WholeCount.ShouldBe(0);
        Receive(Slice, Slice);
        _events.WholeCount.ShouldBe(1);
        Take(0, Slice).ShouldBeNull();
    }

    [Fact]
    public void A_repeated_slice_is_not_written_again()
    {
        _inbox.Expect(s_key, new byte[2 * Slice]);
        Receive(0, Slice);
        Take(0, Slice).ShouldBeNull();
        _events.Frames.ShouldBe(1);
    }

    [Fact]
    public void Of_a_part_that_has_come_in_part_only_the_rest_is_written()
    {
        byte[] memory = new byte[(2 * Slice) + 8], again = new byte[memory.Length];
        again.AsSpan().Fill(1);
        _inbox.Expect(s_key, memory);
        Receive(Slice, Slice);

        Place place = _inbox.Take(Numbers(0, again.Length), out bool isPartly)!;
        isPartly.ShouldBeTrue();
        place.CopyMissing(0, again);
        _inbox.Commit(place, Numbers(0, again.Length));

        _events.WholeCount.ShouldBe(1);
        memory.ShouldBe([.. Enumerable.Repeat((byte)1, Slice), .. new byte[Slice], .. Enumerable.Repeat((byte)1, 8)]);
    }

    [Fact]
    public void What_was_broken_off_is_waited_for_still()
    {
        _inbox.Expect(s_key, new byte[8]);
        _inbox.Abort(Take(0, 8)!);
        _events.Frames.ShouldBe(0);
        Receive(0, 8);
        _events.WholeCount.ShouldBe(1);
    }

    [Theory]
    [InlineData(0, Slice + 12)]
    [InlineData(0, 100)]
    [InlineData(Slice, Slice)]
    [InlineData(4 * Slice, 8)]
    public void Numbers_that_do_not_fit_their_place_break_the_connection(int offset, int length)
    {
        _inbox.Expect(s_key, new byte[Slice + 8]);
        Should.Throw<BrokenFrameException>(() => Take(offset, length));
    }

    [Fact]
    public void A_place_that_is_given_up_while_it_is_written_is_free_only_afterwards()
    {
        _inbox.Attach(_told.Add);
        _inbox.Expect(s_key, new byte[8]);
        Place place = Take(0, 8)!;

        Task free = _inbox.Forget(s_key);

        free.IsCompleted.ShouldBeFalse();
        _inbox.Commit(place, Numbers(0, 8));
        free.IsCompleted.ShouldBeTrue();
        _events.Frames.ShouldBe(0);
        _told[^1].Kind.ShouldBe(FrameKind.Revoked);
        Take(0, 8).ShouldBeNull();
    }

    [Fact]
    public void Places_are_bounded_and_have_one_name_each()
    {
        for (int i = 0; i < DataPlaneLimits.PlacesMax - 1; i++) _inbox.Expect(new VectorKey(i, 0, 0), new byte[1]);
        Should.Throw<ArgumentException>(() => _inbox.Expect(new VectorKey(0, 0, 0), new byte[1]));
        Should.Throw<ArgumentException>(() => _inbox.Expect(s_key, Memory<byte>.Empty));
        _inbox.Expect(s_key, new byte[1]);
        Should.Throw<InvalidOperationException>(() => _inbox.Expect(s_key with { Round = 9 }, new byte[1]));
    }

    private static FrameHeader Numbers(int offset, int length) => new(FrameKind.Numbers, s_key, offset, length, 0);

    private void Receive(int offset, int length) => _inbox.Commit(Take(offset, length)!, Numbers(offset, length));

    private Place? Take(int offset, int length) => _inbox.Take(Numbers(offset, length), out _);
}
