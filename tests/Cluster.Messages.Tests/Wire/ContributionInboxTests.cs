using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Wire;

public sealed class ContributionInboxTests
{
    private const int VectorBytes = (2 * Limits.BlockBytesMax) + 80;
    private readonly ContributionInbox _inbox = new();

    [Fact]
    public void Blocks_of_two_workers_and_in_any_order_are_kept_apart()
    {
        byte[] first = Numbers(1), second = Numbers(2);

        Add(first, 2, "a").ShouldBeNull();
        Add(second, 0, "b").ShouldBeNull();
        Add(first, 0, "a").ShouldBeNull();
        Add(second, 1, "b").ShouldBeNull();
        Add(second, 2, "b").ShouldBe(second);
        Add(first, 1, "a").ShouldBe(first);
    }

    [Fact]
    public void A_new_round_forgets_what_was_incomplete()
    {
        byte[] old = Numbers(1), fresh = Numbers(2);
        Add(old, 0, "a");
        Add(old, 1, "a");

        _inbox.Clear();

        Add(fresh, 2, "a").ShouldBeNull();
        Add(fresh, 1, "a").ShouldBeNull();
        Add(fresh, 0, "a").ShouldBe(fresh);
    }

    [Fact]
    public void Of_one_worker_no_two_sums_of_the_same_micro_batches_are_held()
    {
        byte[] vector = Numbers(4), again = Numbers(5);
        Add(vector, 0, "a", new SubtreeId(0, 4));
        Add(vector, 0, "a", new SubtreeId(4, 4));
        Add(vector, 0, "b", new SubtreeId(0, 4));

        Add(again, 0, "a", new SubtreeId(0, 2));        // in the place of the sum of four

        foreach (int block in new[] { 1, 2 }) Add(vector, block, "a", new SubtreeId(4, 4)).ShouldBe(block == 2 ? vector : null);
        foreach (int block in new[] { 1, 2 }) Add(vector, block, "b", new SubtreeId(0, 4)).ShouldBe(block == 2 ? vector : null);
        foreach (int block in new[] { 1, 2 }) Add(again, block, "a", new SubtreeId(0, 2)).ShouldBe(block == 2 ? again : null);
        foreach (int block in new[] { 1, 2 }) Add(vector, block, "a", new SubtreeId(0, 4)).ShouldBeNull();
    }

    [Fact]
    public void A_vector_of_another_length_is_refused()
    {
        PushContribution push = Push(new byte[Limits.BlockBytesMax + 8], 0, "a");

        _inbox.Add(push, PayloadKind.Float64, new ByteRange(VectorBytes), out _, out string? failure).ShouldBeFalse();

        failure.ShouldNotBeNull().ShouldContain($"{VectorBytes}");
    }

    [Theory]
    [InlineData(80)]
    [InlineData(Limits.BlockBytesMax)]
    [InlineData(Limits.BlockBytesMax + 80)]
    [InlineData(VectorBytes)]
    public void Where_lengths_differ_a_vector_within_the_range_is_whole_when_its_last_block_has_come(int length)
    {
        byte[] vector = Numbers(3)[..length];
        int blocks = Blocks.Count(length);

        for (int block = blocks - 1; block > 0; block--) AddWithin(vector, block).ShouldBe((null, null));

        AddWithin(vector, 0).Whole.ShouldBe(vector);
    }

    [Theory]
    [InlineData(72)]
    [InlineData(VectorBytes + 8)]
    [InlineData(VectorBytes + Limits.BlockBytesMax)]
    public void Where_lengths_differ_a_vector_outside_the_range_is_refused(int length)
    {
        byte[] vector = new byte[length];
        List<string?> failures = [.. Enumerable.Range(0, Blocks.Count(length)).Select(block => AddWithin(vector, block).Failure)];

        failures.ShouldContain(failure => failure != null && (failure.Contains($"{VectorBytes}") || failure.Contains("80 to")));
    }

    private (byte[]? Whole, string? Failure) AddWithin(byte[] vector, int block)
    {
        bool whole = _inbox.Add(Push(vector, block, "a"), PayloadKind.Float64, new ByteRange(80, VectorBytes), out ReadOnlyMemory<byte> sum, out string? failure);
        return (whole ? sum.ToArray() : null, failure);
    }

    private byte[]? Add(byte[] vector, int block, string worker, SubtreeId? subtree = null)
    {
        PushContribution push = Push(vector, block, worker);
        bool whole = _inbox.Add(push with { Subtree = subtree ?? push.Subtree }, PayloadKind.Float64, new ByteRange(VectorBytes), out ReadOnlyMemory<byte> sum, out string? failure);
        failure.ShouldBeNull();
        return whole ? sum.ToArray() : null;
    }

    private static PushContribution Push(byte[] vector, int block, string worker) => new(
        Some.Job, default, new WorkerId(worker), new SubtreeId(0, 1), RangeId.Whole, Blocks.Id(vector.Length, block),
        Blocks.Slice(PayloadKind.Float64, vector, block));

    private static byte[] Numbers(byte start) => [.. Enumerable.Range(0, VectorBytes).Select(i => (byte)((start + (i * 7)) & 0xff))];
}
