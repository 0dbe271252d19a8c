using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Tests.Wire;

public class BlockAssemblyTests
{
    private const int Block = Limits.BlockBytesMax;

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(Block - 4)]
    [InlineData(Block)]
    [InlineData(Block + 4)]
    [InlineData((5 * Block) + 100)]
    public void Blocks_cover_the_vector_exactly(int bytes)
    {
        byte[] vector = new Random(1).Bytes(bytes);

        byte[] joined = Enumerable.Range(0, Blocks.Count(bytes)).SelectMany(i => Blocks.Slice(PayloadKind.Float32, vector, i).Bytes.ToArray()).ToArray();

        joined.ShouldBe(vector);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Block)]
    [InlineData((4 * Block) + 8)]
    public void Any_order_and_any_duplicates_give_the_vector(int bytes)
    {
        var assembly = new BlockAssembly();
        for (ulong seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            byte[] vector = random.Bytes(bytes);
            assembly.Begin();
            while (!assembly.IsComplete)
            {
                int index = random.Below(Blocks.Count(bytes));
                TensorPayload block = Blocks.Slice(PayloadKind.Float64, vector, index);
                if (random.OneIn(3)) block = block with { Bytes = block.Bytes.ToArray() };
                bool known = assembly.Has(index);

                BlockOutcome outcome = assembly.Add(Blocks.Id(bytes, index), block);

                outcome.ShouldBe(known ? BlockOutcome.Duplicate : assembly.IsComplete ? BlockOutcome.Completed : BlockOutcome.Added);
            }
            assembly.Vector.Bytes.Span.SequenceEqual(vector).ShouldBeTrue($"seed {seed}");
            assembly.Vector.Kind.ShouldBe(PayloadKind.Float64);
            assembly.Add(Blocks.Id(bytes, 0), Blocks.Slice(PayloadKind.Float64, vector, 0)).ShouldBe(BlockOutcome.Duplicate);
        }
    }

    [Fact]
    public void Slices_of_one_array_that_lie_side_by_side_are_not_copied()
    {
        var storage = new byte[(3 * Block) + 64];
        ReadOnlyMemory<byte> vector = storage.AsMemory(32, (2 * Block) + 8);
        var assembly = new BlockAssembly();

        foreach (int i in new[] { 2, 0, 1 }) assembly.Add(Blocks.Id(vector.Length, i), Blocks.Slice(PayloadKind.Float32, vector, i));

        assembly.IsShared.ShouldBeTrue();
        assembly.Vector.Bytes.ShouldBe(vector);
    }

    [Fact]
    public void Slices_that_lie_elsewhere_in_the_same_array_are_copied()
    {
        byte[] storage = new Random(3).Bytes(4 * Block);
        var assembly = new BlockAssembly();

        assembly.Add(new BlockId(0, 2), new TensorPayload(PayloadKind.Float32, storage.AsMemory(0, Block)));
        assembly.Add(new BlockId(1, 2), new TensorPayload(PayloadKind.Float32, storage.AsMemory(2 * Block, Block)));

        assembly.IsShared.ShouldBeFalse();
        assembly.Vector.Bytes.ToArray().ShouldBe([.. storage[..Block], .. storage[(2 * Block)..(3 * Block)]]);
    }

    [Fact]
    public void A_block_that_would_lie_before_its_array_is_copied()
    {
        byte[] storage = new Random(4).Bytes(Block);
        var assembly = new BlockAssembly();

        assembly.Add(new BlockId(1, 2), new TensorPayload(PayloadKind.Float32, storage.AsMemory(0, 8))).ShouldBe(BlockOutcome.Added);

        assembly.IsShared.ShouldBeFalse();
    }

    [Fact]
    public void Rounds_after_the_first_allocate_nothing()
    {
        byte[] vector = new Random(5).Bytes((3 * Block) + 16);
        TensorPayload[] blocks = Enumerable.Range(0, 4)
            .Select(i => Blocks.Slice(PayloadKind.Float32, vector, i)).Select(b => b with { Bytes = b.Bytes.ToArray() }).ToArray();
        var assembly = new BlockAssembly();
        Fill();
        Fill();

        // What it takes every time: one of the runs may pay for code that the runtime compiles anew.
        long allocated = Enumerable.Range(0, 20).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Fill();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

        allocated.ShouldBe(0);
        assembly.Vector.Bytes.Span.SequenceEqual(vector).ShouldBeTrue();

        void Fill()
        {
            assembly.Begin(vector.Length);
            for (int i = 0; i < blocks.Length; i++) assembly.Add(new BlockId(i, 4), blocks[i]);
        }
    }

    public static TheoryData<int, int, int, PayloadKind, string> WrongBlocks => new()
    {
        { -1, 3, Block, PayloadKind.Float32, "index below the count" },
        { 3, 3, 8, PayloadKind.Float32, "index below the count" },
        { 0, 0, 8, PayloadKind.Float32, "count of 1 to 8192" },
        { 0, 9000, Block, PayloadKind.Float32, "count of 1 to 8192" },
        { 0, 3, Block - 4, PayloadKind.Float32, "wanted 262144 bytes, got 262140" },
        { 2, 3, 0, PayloadKind.Float32, "wanted 1 to 262144 bytes, got 0" },
        { 2, 3, Block + 4, PayloadKind.Float32, "got 262148" },
        { 1, 2, 8, PayloadKind.Float32, "wanted a block of 3" },
        { 1, 3, Block, PayloadKind.Float64, "wanted Float32" },
        { 2, 3, 12, PayloadKind.Float32, "wanted 8 bytes, as when it came before, got 12" },
        { 1, 3, Block, (PayloadKind)9, "payload kind of 1 to 3, got 9" },
    };

    [Theory]
    [MemberData(nameof(WrongBlocks))]
    public void A_block_of_another_vector_is_refused_and_changes_nothing(int index, int count, int bytes, PayloadKind kind, string failure)
    {
        byte[] vector = new Random(6).Bytes((2 * Block) + 8);
        var assembly = new BlockAssembly();
        foreach (int i in new[] { 2, 0 }) assembly.Add(Blocks.Id(vector.Length, i), Blocks.Slice(PayloadKind.Float32, vector, i));

        assembly.Add(new BlockId(index, count), new TensorPayload(kind, new byte[bytes])).ShouldBe(BlockOutcome.Refused);

        assembly.Failure.ShouldContain(failure);
        assembly.Missing.ShouldBe(1);
        assembly.Add(Blocks.Id(vector.Length, 1), Blocks.Slice(PayloadKind.Float32, vector, 1)).ShouldBe(BlockOutcome.Completed);
        assembly.Vector.Bytes.Span.SequenceEqual(vector).ShouldBeTrue();
    }

    [Fact]
    public void A_vector_of_another_length_than_expected_is_refused()
    {
        var assembly = new BlockAssembly();
        assembly.Begin(16);

        assembly.Add(new BlockId(0, 1), new TensorPayload(PayloadKind.Float32, new byte[12])).ShouldBe(BlockOutcome.Refused);
        assembly.Add(new BlockId(0, 2), new TensorPayload(PayloadKind.Float32, new byte[Block])).ShouldBe(BlockOutcome.Refused);
        assembly.Failure.ShouldContain("wanted a vector of 16 bytes");
        assembly.Add(new BlockId(0, 1), new TensorPayload(PayloadKind.Float32, new byte[16])).ShouldBe(BlockOutcome.Completed);
    }

    [Fact]
    public void A_vector_beyond_the_bound_is_refused_before_memory_is_taken()
    {
        var assembly = new BlockAssembly(bytesMax: 2 * Block);

        assembly.Add(new BlockId(0, 3), new TensorPayload(PayloadKind.Float32, new byte[Block])).ShouldBe(BlockOutcome.Refused);
        assembly.Failure.ShouldContain("at most 524288 bytes");
    }

    [Fact]
    public void An_unfinished_vector_cannot_be_read() => Should.Throw<InvalidOperationException>(() => new BlockAssembly().Vector);

    [Fact]
    public void Blocks_with_an_owner_are_given_back_when_they_have_been_copied()
    {
        var assembly = new BlockAssembly();
        byte[] vector = new Random(3).Bytes((2 * Block) + 8);
        OwnedBytes[] blocks = [.. Enumerable.Range(0, 3).Select(i => new OwnedBytes(Blocks.Slice(PayloadKind.Float32, vector, i).Bytes.ToArray()))];

        foreach (int index in new[] { 2, 0, 1 }) assembly.Add(Blocks.Id(vector.Length, index), new TensorPayload(PayloadKind.Float32, blocks[index].Memory));

        assembly.Vector.Bytes.ToArray().ShouldBe(vector);
        blocks.ShouldAllBe(block => block.GivenBack);
        var again = new OwnedBytes(new byte[Block]);
        assembly.Add(Blocks.Id(vector.Length, 0), new TensorPayload(PayloadKind.Float32, again.Memory)).ShouldBe(BlockOutcome.Duplicate);
        again.GivenBack.ShouldBeTrue();
    }

    private sealed class OwnedBytes(byte[] bytes) : System.Buffers.MemoryManager<byte>
    {
        public bool GivenBack { get; private set; }

        public override Span<byte> GetSpan() => GivenBack ? throw new ObjectDisposedException(nameof(OwnedBytes)) : bytes;

        public override System.Buffers.MemoryHandle Pin(int elementIndex = 0) => bytes.AsMemory(elementIndex).Pin();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing) => GivenBack = true;
    }
}
