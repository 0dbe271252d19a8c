using Cluster.Messages.DataPlane;

namespace Cluster.Messages.Tests.DataPlane;

/// <summary>The clock is the test's, so that no real time passes and none is measured.</summary>
public sealed class DataPlaneDeadlineTests
{
    private static readonly DataPlaneOptions s_options = new() { StallDeadline = TimeSpan.FromSeconds(3), IdleDeadline = TimeSpan.FromSeconds(30), HandshakeDeadline = TimeSpan.FromSeconds(5) };
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    [InlineData("tls")]
    public async Task Whoever_connects_and_says_nothing_is_closed(string kind)
    {
        await using DataPair pair = new(kind, s_options, _clock);
        using RawPeer silent = new(pair.At);
        Task<byte[]> closed = Task.Factory.StartNew(silent.ReadToEnd, TaskCreationOptions.LongRunning);
        AdvanceUntil(closed, TimeSpan.FromSeconds(1));
        (await closed).ShouldBeEmpty();
        pair.Got.NextEnd().Reason.ShouldBe("waited too long for a handshake");
    }

    [Fact]
    public async Task A_sender_that_says_nothing_any_more_is_closed()
    {
        await using DataPair pair = new("tcp", s_options, _clock);
        using RawPeer idle = Introduced(pair);
        Task<byte[]> closed = Task.Factory.StartNew(idle.ReadToEnd, TaskCreationOptions.LongRunning);
        AdvanceUntil(closed, TimeSpan.FromSeconds(5));
        pair.Got.NextEnd().ShouldBe(("raw", false, "waited too long for a frame"));
    }

    [Fact]
    public async Task A_frame_that_stops_in_the_middle_is_given_up_and_its_place_waits()
    {
        await using DataPair pair = new("tcp", s_options, _clock);
        VectorKey key = new(1, 1, 0);
        pair.To.Expect(new DataPeer("raw", "127.0.0.1"), key, new byte[8]);
        using RawPeer stopping = Introduced(pair);
        stopping.TrySend(RawPeer.Frame(new FrameHeader(FrameKind.Numbers, key, 0, 8, 0), [1, 2, 3])).ShouldBeTrue();
        Task<byte[]> closed = Task.Factory.StartNew(stopping.ReadToEnd, TaskCreationOptions.LongRunning);
        AdvanceUntil(closed, TimeSpan.FromSeconds(1));
        pair.Got.NextEnd().Reason.ShouldBe("waited too long for a frame's numbers");
        pair.Got.Frames.ShouldBe(0);
        await pair.To.Forget(new DataPeer("raw", "127.0.0.1"), key);
    }

    [Fact]
    public async Task A_receiver_that_takes_nothing_any_more_is_given_up()
    {
        using StalledReceiver stalled = new();
        await using DataPair pair = new("tcp", s_options, _clock);
        VectorKey key = new(1, 1, 0);
        Task sent = pair.From.SendAsync(stalled.EndPoint, StalledReceiver.Peer, key, new byte[64_000_000], 0, 64_000_000);
        stalled.Grant(key, 64_000_000);
        AdvanceUntil(sent, TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<IOException>(sent);
    }

    [Fact]
    public async Task A_sender_without_anything_to_send_says_that_it_lives()
    {
        using StalledReceiver receiver = new();
        await using DataPair pair = new("tcp", s_options with { StallDeadline = TimeSpan.FromDays(1) }, _clock);
        _ = pair.From.SendAsync(receiver.EndPoint, StalledReceiver.Peer, new VectorKey(1, 1, 0), new byte[8], 0, 8);
        Task<FrameHeader> pulse = Task.Factory.StartNew(receiver.ReadHeader, TaskCreationOptions.LongRunning);
        AdvanceUntil(pulse, TimeSpan.FromSeconds(1));
        (await pulse).ShouldBe(FrameHeader.Pulse);
    }

    [Fact]
    public async Task A_receiver_answers_that_it_lives()
    {
        await using DataPair pair = new("tcp", s_options, _clock);
        using RawPeer sender = Introduced(pair);
        sender.TrySend(RawPeer.Frame(FrameHeader.Pulse, [])).ShouldBeTrue();
        sender.Finish();
        FrameHeader.Read(sender.ReadToEnd().AsSpan()[^FrameHeader.Bytes..]).ShouldBe(FrameHeader.Pulse);
    }

    [Fact]
    public async Task A_sending_that_gets_no_place_fails()
    {
        await using DataPair pair = new("tcp", new DataPlaneOptions { IdleDeadline = TimeSpan.FromDays(1), SendDeadline = TimeSpan.FromSeconds(8) }, _clock);
        Task sent = pair.Send(new VectorKey(1, 1, 0), new byte[8]);
        AdvanceUntil(sent, TimeSpan.FromSeconds(1));
        (await Should.ThrowAsync<IOException>(sent)).Message.ShouldContain("wanted the receiver to have a place");
    }

    private static RawPeer Introduced(DataPair pair)
    {
        RawPeer peer = new(pair.At);
        peer.TrySend(RawPeer.Introduction("raw")).ShouldBeTrue();
        return peer;
    }

    // The other threads begin their waits whenever they get to it: time goes on until they have waited too long.
    private void AdvanceUntil(Task done, TimeSpan step)
    {
        for (int i = 0; i < 6000 && Task.WaitAny([done], TimeSpan.FromMilliseconds(10)) < 0; i++) _clock.Advance(step);
        done.IsCompleted.ShouldBeTrue();
    }
}
