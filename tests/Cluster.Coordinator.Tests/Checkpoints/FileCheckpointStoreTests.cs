using Cluster.Coordinator.Checkpoints;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Tests.Checkpoints;

public sealed class FileCheckpointStoreTests : IDisposable
{
    private readonly string _run = Directory.CreateTempSubdirectory("checkpoints-").FullName;
    private readonly FileCheckpointStore _store = new();

    public void Dispose() => Directory.Delete(_run, recursive: true);

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_checkpoint_comes_back_as_it_was_written(int bestEpoch)
    {
        Checkpoint written = Some.Checkpoint(120, bestEpoch);

        string hash = _store.Write(_run, written, keep: 3);
        CheckpointsFound found = _store.ReadNewest(_run, Some.TextHash);

        found.Warnings.ShouldBeEmpty();
        Checkpoint read = found.Newest.ShouldNotBeNull();
        read.Header.ShouldBe(written.Header with { StateSha256 = hash });
        read.State.Bytes.SequenceEqual(written.State.Bytes).ShouldBeTrue();
        read.OptimizerState.Bytes.SequenceEqual(written.OptimizerState.Bytes).ShouldBeTrue();
        (read.Best is null).ShouldBe(bestEpoch < 0);
        File.Exists(Path.Combine(_run, "checkpoints", "step-000000120.ckpt")).ShouldBeTrue();
    }

    [Fact]
    public void Only_the_newest_are_kept()
    {
        foreach (long step in (long[])[10, 20, 30, 40]) _store.Write(_run, Some.Checkpoint(step), keep: 2);

        Directory.GetFiles(Path.Combine(_run, "checkpoints")).Select(Path.GetFileName).Order()
            .ShouldBe(["step-000000030.ckpt", "step-000000040.ckpt"]);
    }

    [Fact]
    public void Steps_beyond_nine_digits_are_still_the_newest()
    {
        _store.Write(_run, Some.Checkpoint(999_999_999), keep: 2);
        _store.Write(_run, Some.Checkpoint(1_000_000_000), keep: 2);

        _store.ReadNewest(_run, Some.TextHash).Newest!.Header.Step.ShouldBe(1_000_000_000);
    }

    [Fact]
    public void Whatever_byte_is_damaged_the_file_is_named_and_the_one_before_it_used()
    {
        _store.Write(_run, Some.Checkpoint(10), keep: 3);
        _store.Write(_run, Some.Checkpoint(20), keep: 3);
        string newest = FileCheckpointStore.PathOf(_run, 20);
        byte[] sound = File.ReadAllBytes(newest);

        for (int i = 0; i < sound.Length; i++)
        {
            byte[] damaged = [.. sound];
            damaged[i] ^= 0x10;
            File.WriteAllBytes(newest, damaged);

            CheckpointsFound found = _store.ReadNewest(_run, Some.TextHash);

            found.Newest!.Header.Step.ShouldBe(10, $"byte {i} was damaged");
            found.Warnings.ShouldHaveSingleItem().ShouldContain(newest);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(-1)]
    public void A_file_that_was_cut_short_or_grew_is_passed_over(int length)
    {
        _store.Write(_run, Some.Checkpoint(10), keep: 3);
        _store.Write(_run, Some.Checkpoint(20), keep: 3);
        string newest = FileCheckpointStore.PathOf(_run, 20);
        byte[] sound = File.ReadAllBytes(newest);
        File.WriteAllBytes(newest, length < 0 ? [.. sound, 0] : sound[..length]);

        _store.ReadNewest(_run, Some.TextHash).Newest!.Header.Step.ShouldBe(10);
    }

    [Fact]
    public void A_checkpoint_of_another_job_is_passed_over()
    {
        _store.Write(_run, Some.Checkpoint(10, textHash: "other"), keep: 3);

        CheckpointsFound found = _store.ReadNewest(_run, Some.TextHash);

        found.Newest.ShouldBeNull();
        found.Warnings.ShouldHaveSingleItem().ShouldContain("another");
    }

    [Fact]
    public void One_at_or_before_a_step_can_be_asked_for()
    {
        foreach (long step in (long[])[10, 20, 30]) _store.Write(_run, Some.Checkpoint(step), keep: 3);

        _store.ReadNewest(_run, Some.TextHash, stepMax: 29).Newest!.Header.Step.ShouldBe(20);
        _store.ReadNewest(_run, Some.TextHash, stepMax: 9).Newest.ShouldBeNull();
    }

    [Fact]
    public void A_directory_without_checkpoints_has_none()
    {
        _store.ReadNewest(Path.Combine(_run, "nothing"), Some.TextHash).ShouldBe(new CheckpointsFound(null, []));
    }

    [Fact]
    public void A_full_disk_says_what_to_free_and_leaves_the_checkpoint_before_untouched()
    {
        _store.Write(_run, Some.Checkpoint(10), keep: 1);
        FileCheckpointStore full = new(path => new FullDisk(AtomicFile.Create(path), roomBytes: 100));

        StorageException failure = Should.Throw<StorageException>(() => full.Write(_run, Some.Checkpoint(20), keep: 1));

        failure.Message.ShouldContain("step-000000020.ckpt");
        failure.Message.ShouldContain("free at least");
        Directory.GetFiles(Path.Combine(_run, "checkpoints")).ShouldHaveSingleItem().ShouldEndWith("step-000000010.ckpt");
        _store.ReadNewest(_run, Some.TextHash).Newest!.Header.Step.ShouldBe(10);
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_removed_at_the_next_start()
    {
        _store.Write(_run, Some.Checkpoint(10), keep: 2);
        string left = FileCheckpointStore.PathOf(_run, 20) + ".99-1.tmp";
        File.WriteAllText(left, "half");

        _store.ReadNewest(_run, Some.TextHash).Newest!.Header.Step.ShouldBe(10);

        File.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public void A_checkpoint_that_is_being_written_survives_a_search_for_the_newest()
    {
        _store.Write(_run, Some.Checkpoint(10), keep: 2);
        FileCheckpointStore writer = new(path =>
        {
            Stream file = AtomicFile.Create(path);
            _store.ReadNewest(_run, Some.TextHash).Newest!.Header.Step.ShouldBe(10);
            return file;
        });

        writer.Write(_run, Some.Checkpoint(20), keep: 2);

        _store.ReadNewest(_run, Some.TextHash).Newest!.Header.Step.ShouldBe(20);
    }

    [Fact]
    public void A_directory_that_cannot_be_made_says_so()
    {
        string file = Path.Combine(_run, "file");
        File.WriteAllText(file, "not a directory");

        Should.Throw<StorageException>(() => _store.Write(file, Some.Checkpoint(1), keep: 1)).Message.ShouldContain(file);
    }

    /// <summary>Takes so many bytes, then fails as Linux does when no space is left.</summary>
    private sealed class FullDisk(Stream inner, int roomBytes) : MemoryStream
    {
        private int _left = roomBytes;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.Length > _left) throw new IOException("No space left on device", 28);
            _left -= buffer.Length;
            inner.Write(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
