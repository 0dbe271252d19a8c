using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Wire;

public class RoundTripTests
{
    private const int CasesOfEachType = 200;
    private readonly FakeActors _actors = new();

    public static TheoryData<Type> EveryMessage => new(MessageTypes.All);

    [Theory]
    [MemberData(nameof(EveryMessage))]
    public void Every_message_comes_back_with_every_field_as_it_was(Type type)
    {
        var format = new WireFormat(MessageCodecs.ForMessages(), _actors);
        for (ulong seed = 0; seed < CasesOfEachType; seed++)
        {
            object message = new MessageMaker(new Random(seed), _actors).Make(type);

            byte[] bytes = format.Write(message);
            object again = format.Read(bytes, format.Manifest(message));

            if (SameFields.Difference(message, again, type.Name) is { } difference) Assert.Fail($"seed {seed}: {difference}");
            if (!format.Write(again).AsSpan().SequenceEqual(bytes)) Assert.Fail($"seed {seed}: wanted one encoding for one message, got two");
        }
    }

    [Fact]
    public void The_comparison_sees_a_changed_field()
    {
        var finished = (JobFinished)new MessageMaker(new Random(1), _actors).Make(typeof(JobFinished));

        SameFields.Difference(finished, finished with { Delta = finished.Delta + 1 is double.NaN ? 1 : double.NaN }, "JobFinished").ShouldBe("JobFinished.Delta");
        SameFields.Difference(finished, finished with { Test = [new NamedFigure("x", 1)] }, "JobFinished").ShouldNotBeNull().ShouldStartWith("JobFinished.Test");
    }

    [Fact]
    public void A_payload_refers_to_the_bytes_that_came()
    {
        var format = new WireFormat(MessageCodecs.ForMessages(), _actors);
        byte[] bytes = format.Write(Some.PublishState([1, 2, 3]));

        var message = (PublishState)format.Read(bytes, "PS4");

        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(message.State.Bytes, out ArraySegment<byte> segment).ShouldBeTrue();
        segment.Array.ShouldBeSameAs(bytes);
        message.State.Floats.ToArray().ShouldBe([1f, 2f, 3f]);
    }

    [Fact]
    public void The_layout_is_the_one_that_was_published()
    {
        var format = new WireFormat(MessageCodecs.ForMessages(), _actors);

        byte[] bytes = format.Write(Some.PublishState([1, 2]));

        Convert.ToHexString(bytes).ShouldBe(
            "036A2D31"                              // job "j-1"
            + "0200000000000000" + "0300000000000000" + "01" + "0400000000000000" + "05000000"   // round
            + "00000000" + "01000000"               // range 0 of 1
            + "00"                                  // no key to draw rows with
            + "01" + "00" + "08" + "0000803F" + "00000040"); // Float32, here, 8 bytes, 1 and 2
    }
}
