using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Wire;

public sealed class ContributionInboxTests
{
    private const int VectorBytes = 4096;
    private static readonly DataPeer s_node = new("node:1#a", "node");
    private readonly FakePlaces _places = new();
    private readonly List<ReadOnlyMemory<byte>> _returned = [];
    private readonly ContributionInbox _inbox;

    public ContributionInboxTests() =>
        _inbox = new ContributionInbox(_places, new VectorMemory((_, bytes) => new byte[bytes], (_, memory) => _returned.Add(memory)));

    [Fact]
    public void A_contribution_of_this_process_is_whole_and_the_senders_own_memory()
    {
        byte[] vector = Numbers(1);

        (ReadOnlyMemory<byte>? whole, string? failure) = Add(Push("a", vector));

        failure.ShouldBeNull();
        whole.ShouldNotBeNull().ShouldBe(vector.AsMemory());
    }

    [Fact]
    public void Contributions_of_two_nodes_come_into_places_of_their_own_in_any_order()
    {
        byte[] first = Numbers(1), second = Numbers(2);
        Add(Offered("a", 1)).ShouldBe((null, null));
        Add(Offered("b", 2)).ShouldBe((null, null));
        PushContribution a = (PushContribution)_places.Arrive(first), b = (PushContribution)_places.Arrive(second);

        Add(b).Whole!.Value.ToArray().ShouldBe(second);
        Add(a).Whole!.Value.ToArray().ShouldBe(first);
    }

    [Fact]
    public void The_same_handle_again_opens_no_second_place()
    {
        Add(Offered("a", 1));
        Add(Offered("a", 1));

        _places.Opened.ShouldBe(1);
    }

    [Fact]
    public void Of_one_worker_no_two_sums_of_the_same_micro_batches_are_awaited()
    {
        Add(Offered("a", 1, new SubtreeId(0, 4)));
        Add(Offered("a", 2, new SubtreeId(4, 4)));
        Add(Offered("b", 3, new SubtreeId(0, 4)));

        Add(Offered("a", 4, new SubtreeId(0, 2)));      // in the place of the sum of four

        _places.Forgotten.ShouldBe(1);
        Add((PushContribution)_places.Arrive(Numbers(1))).ShouldBe((null, null), "its place was given up");
        Add((PushContribution)_places.Arrive(Numbers(2))).Whole.ShouldNotBeNull();
        Add((PushContribution)_places.Arrive(Numbers(3))).Whole.ShouldNotBeNull();
        Add((PushContribution)_places.Arrive(Numbers(4))).Whole.ShouldNotBeNull();
    }

    [Fact]
    public void A_new_round_takes_nothing_that_was_on_its_way_and_gets_its_memory_back()
    {
        Add(Offered("a", 1));
        object late = _places.Arrive(Numbers(1));

        _inbox.Clear();

        _returned.ShouldHaveSingleItem().Length.ShouldBe(VectorBytes);
        Add((PushContribution)late).ShouldBe((null, null));
    }

    [Fact]
    public void Memory_that_is_being_written_is_not_lent_again()
    {
        Add(Offered("a", 1));
        _places.Quiet = new TaskCompletionSource().Task;

        _inbox.Clear();

        _returned.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(72)]
    [InlineData(VectorBytes + 8)]
    public void A_vector_outside_the_range_is_refused_wherever_it_is(int length)
    {
        PushContribution here = Push("a", new byte[length]), elsewhere = Offered("a", 1) with { Sum = new TensorPayload(PayloadKind.Float64, default, Handle(1, length)) };

        foreach (PushContribution push in new[] { here, elsewhere })
        {
            _inbox.Add(push, PayloadKind.Float64, new ByteRange(80, VectorBytes), out _, out string? failure).ShouldBeFalse();
            failure.ShouldNotBeNull().ShouldContain($"80 to {VectorBytes} bytes, got {length}");
        }
        _places.Opened.ShouldBe(0);
    }

    [Fact]
    public void A_vector_of_another_kind_is_refused() =>
        Add(Push("a", Numbers(1)) with { Sum = new TensorPayload(PayloadKind.Float32, Numbers(1)) }).Failure.ShouldBe("wanted Float64, got Float32");

    [Fact]
    public void Where_lengths_differ_a_shorter_vector_fills_the_beginning_of_its_memory()
    {
        PushContribution push = Offered("a", 1) with { Sum = new TensorPayload(PayloadKind.Float64, default, Handle(1, 800)) };
        byte[] vector = Numbers(5)[..800];
        _inbox.Add(push, PayloadKind.Float64, new ByteRange(80, VectorBytes), out _, out _).ShouldBeFalse();

        _inbox.Add((PushContribution)_places.Arrive(vector), PayloadKind.Float64, new ByteRange(80, VectorBytes), out ReadOnlyMemory<byte> whole, out _).ShouldBeTrue();

        whole.ToArray().ShouldBe(vector);
    }

    private (ReadOnlyMemory<byte>? Whole, string? Failure) Add(PushContribution push)
    {
        bool whole = _inbox.Add(push, PayloadKind.Float64, new ByteRange(VectorBytes), out ReadOnlyMemory<byte> sum, out string? failure);
        return (whole ? sum : (ReadOnlyMemory<byte>?)null, failure);
    }

    private static PushContribution Push(string worker, byte[] vector) =>
        new(Some.Job, default, new WorkerId(worker), new SubtreeId(0, 1), RangeId.Whole, new TensorPayload(PayloadKind.Float64, vector));

    private static PushContribution Offered(string worker, long stream, SubtreeId? subtree = null) => new(
        Some.Job, default, new WorkerId(worker), subtree ?? new SubtreeId(0, 1), RangeId.Whole, new TensorPayload(PayloadKind.Float64, default, Handle(stream, VectorBytes)));

    private static VectorHandle Handle(long stream, int bytes) => new(s_node, new VectorKey(stream, 1, 1), bytes);

    private static byte[] Numbers(byte start) => [.. Enumerable.Range(0, VectorBytes).Select(i => (byte)((start + (i * 7)) & 0xff))];
}
