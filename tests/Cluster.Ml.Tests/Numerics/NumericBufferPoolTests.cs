using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Numerics;

public sealed class NumericBufferPoolTests
{
    [Fact]
    public void A_returned_buffer_is_lent_again()
    {
        NumericBufferPool pool = new();
        NumericBuffer first = pool.Rent(NumberKind.Float32, 10);

        pool.Return(first);

        pool.Rent(NumberKind.Float32, 10).ShouldBeSameAs(first);
        pool.Rent(NumberKind.Float32, 10).ShouldNotBeSameAs(first);
    }

    [Fact]
    public void Another_kind_or_length_is_another_buffer()
    {
        NumericBufferPool pool = new();
        NumericBuffer first = pool.Rent(NumberKind.Float32, 10);
        pool.Return(first);

        pool.Rent(NumberKind.Float64, 10).Kind.ShouldBe(NumberKind.Float64);
        pool.Rent(NumberKind.Float32, 11).Length.ShouldBe(11);
        pool.Idle.ShouldBe(1);
    }

    [Fact]
    public void Returning_twice_is_refused()
    {
        NumericBufferPool pool = new();
        NumericBuffer buffer = pool.Rent(NumberKind.Float64, 3);
        pool.Return(buffer);

        Should.Throw<InvalidOperationException>(() => pool.Return(buffer));
    }

    [Fact]
    public void The_bytes_of_a_message_lead_back_to_the_buffer_that_was_sent()
    {
        NumericBuffer sent = new(NumberKind.Float32, 5);

        NumericBuffer.Over(NumberKind.Float32, sent.Memory).ShouldBeSameAs(sent);
    }

    [Fact]
    public void Bytes_from_elsewhere_are_copied()
    {
        byte[] received = [0, 0, 0, 0, 0, 0, 0xF0, 0x3F];

        NumericBuffer buffer = NumericBuffer.Over(NumberKind.Float64, received);

        buffer.Doubles.ToArray().ShouldBe([1.0]);
        received[7] = 0;
        buffer.Doubles[0].ShouldBe(1.0);
    }

    [Fact]
    public void A_part_of_a_buffer_is_not_the_buffer()
    {
        NumericBuffer sent = new(NumberKind.Float32, 5);

        NumericBuffer.TryFind(NumberKind.Float32, sent.Memory[4..], out _).ShouldBeFalse();
        NumericBuffer.TryFind(NumberKind.Float64, sent.Memory, out _).ShouldBeFalse();
    }
}
