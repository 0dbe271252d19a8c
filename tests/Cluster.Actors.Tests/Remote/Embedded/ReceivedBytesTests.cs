namespace Cluster.Actors.Tests.Remote.Embedded;

public sealed class ReceivedBytesTests
{
    [Fact]
    public void Whoever_reads_bytes_that_were_given_back_gets_an_exception_and_not_another_message()
    {
        byte[] buffer = LongBuffers.Rent();
        ReceivedBytes received = new(buffer, 100_000);
        ReadOnlyMemory<byte> bytes = received.Memory;
        ReadOnlyMemory<byte> part = bytes.Slice(10, 20);
        bytes.Span.Length.ShouldBe(100_000);

        ((IDisposable)received).Dispose();

        Should.Throw<ObjectDisposedException>(() => bytes.Span.Length);
        Should.Throw<ObjectDisposedException>(() => part.Span.Length);
    }

    [Fact]
    public void A_buffer_is_given_back_once_however_often_its_owner_is_let_go()
    {
        byte[] buffer = LongBuffers.Rent();
        ReceivedBytes received = new(buffer, LongBuffers.BytesMin);

        ((IDisposable)received).Dispose();
        ((IDisposable)received).Dispose();

        byte[] first = LongBuffers.Rent(), second = LongBuffers.Rent();
        second.ShouldNotBeSameAs(first);
    }

    [Theory]
    [InlineData(LongBuffers.BytesMin - 1, false)]
    [InlineData(LongBuffers.BytesMin, true)]
    [InlineData(LongBuffers.Bytes, true)]
    [InlineData(LongBuffers.Bytes + 1, false)]
    public void Buffers_are_kept_for_messages_of_a_block(int bytes, bool kept) => LongBuffers.Fits(bytes).ShouldBe(kept);
}
