using Cluster.Messages;
using Cluster.Messages.Wire;
using Cluster.Worker.Sources;

namespace Cluster.Worker.Tests.Sources;

public sealed class SourceTransferTests
{
    private const int Block = Limits.SourceBlockBytes;

    [Fact]
    public void Blocks_are_asked_for_within_the_window_and_all_of_them_in_the_end()
    {
        SourceTransfer transfer = new([File(0), File((20 * Block) + 1), File(5)]);
        Queue<SourceBlock> asked = new(transfer.AskNext());
        List<SourceBlock> stored = [];
        asked.Count.ShouldBe(SourceTransfer.WindowBlocks);

        while (asked.TryDequeue(out SourceBlock block))
        {
            transfer.OnRead(Read(block, block.File == 2 ? 5 : block.Offset == 20 * Block ? 1 : Block)).ShouldBeTrue();
            transfer.AskNext().ShouldBeEmpty("the block is not on disk yet");
            transfer.OnStored(block);
            stored.Add(block);
            foreach (SourceBlock next in transfer.AskNext()) asked.Enqueue(next);
        }

        stored.ShouldBe([.. Enumerable.Range(0, 21).Select(i => new SourceBlock(1, (long)i * Block)), new SourceBlock(2, 0)]);
        transfer.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void A_block_that_was_not_asked_for_or_came_before_or_has_another_length_is_not_stored()
    {
        SourceTransfer transfer = new([File(Block + 3)]);
        transfer.AskNext();

        transfer.OnRead(Read(new SourceBlock(0, 2 * Block), 3)).ShouldBeFalse();
        transfer.OnRead(Read(new SourceBlock(7, 0), 3)).ShouldBeFalse();
        transfer.OnRead(Read(new SourceBlock(0, Block), 4)).ShouldBeFalse();
        transfer.OnRead(Read(new SourceBlock(0, Block), 3)).ShouldBeTrue();
        transfer.OnRead(Read(new SourceBlock(0, Block), 3)).ShouldBeFalse();
    }

    [Fact]
    public void A_damaged_block_is_missing_again()
    {
        SourceTransfer transfer = new([File(3)]);
        SourceBlock block = transfer.AskNext().ShouldHaveSingleItem();
        transfer.OnRead(Read(block, 3)).ShouldBeTrue();
        transfer.Missing.ShouldBeEmpty();

        transfer.OnNotStored(block);

        transfer.Missing.ShouldBe([block]);
        transfer.IsComplete.ShouldBeFalse();
    }

    private static SourceFile File(long length) => new("rows.csv", length, "");

    private static SourceRead Read(SourceBlock block, int length) =>
        new(Some.Job, block.File, block.Offset, "", new TensorPayload(PayloadKind.Bytes, new byte[length]));
}
