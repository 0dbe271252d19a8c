using Cluster.Coordinator.Checkpoints;

namespace Cluster.Coordinator.Tests.Checkpoints;

public sealed class MemoryCheckpointStoreTests
{
    private readonly MemoryCheckpointStore _store = new();

    [Fact]
    public void Directories_are_apart_and_only_the_newest_are_kept()
    {
        foreach (long step in (long[])[1, 2, 3]) _store.Write("a", Some.Checkpoint(step), keep: 2);
        _store.Write("b", Some.Checkpoint(9), keep: 2);

        _store.Steps("a").ShouldBe([2, 3]);
        _store.ReadNewest("a", Some.TextHash).Newest!.Header.Step.ShouldBe(3);
        _store.ReadNewest("b", Some.TextHash).Newest!.Header.Step.ShouldBe(9);
        _store.ReadNewest("a", Some.TextHash, stepMax: 2).Newest!.Header.Step.ShouldBe(2);
    }

    [Fact]
    public void A_lost_write_leaves_the_one_before()
    {
        _store.Write("a", Some.Checkpoint(1), keep: 2);
        _store.Fate = _ => WriteFate.Lost;
        _store.Write("a", Some.Checkpoint(2), keep: 2);

        _store.ReadNewest("a", Some.TextHash).Newest!.Header.Step.ShouldBe(1);
    }

    [Fact]
    public void A_torn_or_damaged_write_is_recognised()
    {
        _store.Write("a", Some.Checkpoint(1), keep: 3);
        _store.Fate = _ => WriteFate.Torn;
        _store.Write("a", Some.Checkpoint(2), keep: 3);
        _store.Fate = _ => WriteFate.Kept;
        _store.Write("a", Some.Checkpoint(3), keep: 3);
        _store.Damage("a", 3, offset: 200);

        CheckpointsFound found = _store.ReadNewest("a", Some.TextHash);

        found.Newest!.Header.Step.ShouldBe(1);
        found.Warnings.Length.ShouldBe(2);
    }

    [Fact]
    public void A_full_disk_is_told_to_the_writer()
    {
        _store.Fate = _ => WriteFate.Full;

        Should.Throw<StorageException>(() => _store.Write("a", Some.Checkpoint(1), keep: 1)).Message.ShouldContain("free at least");
    }
}
