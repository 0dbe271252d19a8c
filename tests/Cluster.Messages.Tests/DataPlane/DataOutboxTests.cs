using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

public sealed class DataOutboxTests
{
    private const int Frame = DataPlaneLimits.FrameBytesMax;
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private readonly ManualClock _clock = new();
    private readonly DataOutbox _outbox;

    public DataOutboxTests() => _outbox = new DataOutbox(_clock, s_deadline);

    [Fact]
    public async Task A_part_waits_for_the_place_of_its_own_vector()
    {
        byte[] vector = new byte[Frame + 4];
        Task sent = _outbox.Send(Key(1, round: 7), vector, 0, vector.Length);
        _outbox.Grant(Key(1, round: 6), vector.Length);
        _outbox.Grant(Key(2, round: 7), vector.Length);
        Taken().ShouldBeNull();

        _outbox.Grant(Key(1, round: 7), vector.Length);
        Taken().ShouldBe((Key(1, 7), 0, Frame));
        sent.IsCompleted.ShouldBeFalse();
        Taken().ShouldBe((Key(1, 7), Frame, 4));
        await sent.WaitAsync(s_deadline);
        Taken().ShouldBeNull();
    }

    [Fact]
    public void A_place_of_another_length_is_no_place()
    {
        _ = _outbox.Send(Key(1), new byte[8], 0, 8);
        _outbox.Grant(Key(1), 12);
        Taken().ShouldBeNull();
    }

    [Fact]
    public void Streams_take_turns_and_one_without_a_place_holds_up_nobody()
    {
        byte[] vector = new byte[2 * Frame];
        foreach (int stream in new[] { 1, 2, 3 }) _ = _outbox.Send(Key(stream), vector, 0, vector.Length);
        _outbox.Grant(Key(2), vector.Length);
        _outbox.Grant(Key(3), vector.Length);

        long[] streams = [.. Enumerable.Range(0, 4).Select(_ => Taken()!.Value.Key.Stream)];

        streams.ShouldBe([2, 3, 2, 3]);
        Taken().ShouldBeNull();
    }

    [Fact]
    public void A_vector_is_sent_once_for_a_place()
    {
        byte[] vector = new byte[8];
        _outbox.Grant(Key(1), 8);
        _ = _outbox.Send(Key(1), vector, 0, 8);
        Taken().ShouldNotBeNull();
        _ = _outbox.Send(Key(1), vector, 0, 8);
        Taken().ShouldBeNull();
    }

    [Fact]
    public void A_place_that_is_gone_gets_nothing_more()
    {
        byte[] vector = new byte[2 * Frame];
        _ = _outbox.Send(Key(1), vector, 0, vector.Length);
        _outbox.Grant(Key(1), vector.Length);
        Taken().ShouldNotBeNull();
        _outbox.Revoke(Key(1));
        Taken().ShouldBeNull();
    }

    [Fact]
    public async Task What_is_abandoned_while_it_leaves_is_read_until_it_has_left()
    {
        Task sent = _outbox.Send(Key(1), new byte[2 * Frame], 0, 2 * Frame);
        _outbox.Grant(Key(1), 2 * Frame);
        _outbox.TryTake(out _, out _).ShouldBeTrue();

        _outbox.Abandon(Key(1));
        sent.IsCompleted.ShouldBeFalse();
        _outbox.Left();

        (await Should.ThrowAsync<IOException>(sent)).Message.ShouldContain("abandoned");
        Taken().ShouldBeNull();
    }

    [Fact]
    public async Task What_gets_no_place_in_time_fails_and_the_rest_goes_on()
    {
        Task late = _outbox.Send(Key(1), new byte[4], 0, 4);
        _clock.Advance(s_deadline + TimeSpan.FromSeconds(1));
        Task early = _outbox.Send(Key(2), new byte[4], 0, 4);

        _outbox.Expire();

        (await Should.ThrowAsync<IOException>(late)).Message.ShouldContain("wanted the receiver to have a place");
        early.IsCompleted.ShouldBeFalse();
        _outbox.Grant(Key(2), 4);
        Taken().ShouldNotBeNull();
    }

    [Fact]
    public async Task When_the_connection_ends_all_fails_and_what_comes_later_too()
    {
        Task before = _outbox.Send(Key(1), new byte[4], 0, 4);
        _outbox.End("the cable");
        Task after = _outbox.Send(Key(1), new byte[4], 0, 4);

        (await Should.ThrowAsync<IOException>(before)).Message.ShouldBe("the cable");
        (await Should.ThrowAsync<IOException>(after)).Message.ShouldBe("the cable");
    }

    [Fact]
    public void Credits_and_sendings_are_bounded()
    {
        Should.Throw<BrokenFrameException>(() =>
        {
            for (int i = 0; i <= 2 * DataPlaneLimits.PlacesMax; i++) _outbox.Grant(Key(i), 4);
        });
        Task[] all = [.. Enumerable.Range(0, DataPlaneLimits.QueueMax + 1).Select(_ => _outbox.Send(Key(-1), new byte[4], 0, 4))];
        all.Count(task => task.IsFaulted).ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(8, 0, 9)]
    [InlineData(8, -1, 4)]
    [InlineData(8, 4, 4)]
    [InlineData(200_000, 65_536, 4)]
    public void A_part_that_is_none_is_refused(int bytes, int offset, int length) =>
        Should.Throw<ArgumentException>(() => { _ = _outbox.Send(Key(1), new byte[bytes], offset, length); }).Message.ShouldContain("wanted");

    private static VectorKey Key(long stream, long round = 1) => new(stream, 1, round);

    private (VectorKey Key, int Offset, int Length)? Taken()
    {
        if (!_outbox.TryTake(out FrameHeader header, out ReadOnlyMemory<byte> numbers)) return null;
        _outbox.Left();
        numbers.Length.ShouldBe(header.Length);
        return (header.Key, header.Offset, header.Length);
    }
}
