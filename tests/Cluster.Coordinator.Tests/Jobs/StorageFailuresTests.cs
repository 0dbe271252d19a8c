using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Jobs;

namespace Cluster.Coordinator.Tests.Jobs;

public sealed class StorageFailuresTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10), Soon = TimeSpan.FromSeconds(4);
    private static readonly IOException Full = new("No space left on device");
    private readonly Clock _time = new();
    private readonly StorageFailures _failures;

    public StorageFailuresTests() => _failures = new StorageFailures(_time, "/srv/run", Deadline);

    [Fact]
    public async Task Storage_that_refuses_until_the_deadline_is_broken_and_named()
    {
        NoteAfter(TimeSpan.Zero, Soon, Soon);
        _failures.Broken.IsCompleted.ShouldBeFalse();
        NoteAfter(Soon);
        _failures.Broken.IsCompletedSuccessfully.ShouldBeTrue();
        string told = await _failures.Broken;
        told.ShouldContain("/srv/run");
        told.ShouldContain("full disk");
    }

    [Fact]
    public void Work_that_gets_further_begins_the_count_anew()
    {
        NoteAfter(TimeSpan.Zero, Soon, Soon);
        _failures.OnProgress();
        NoteAfter(Soon, Soon);
        _failures.Broken.IsCompleted.ShouldBeFalse();
        NoteAfter(Soon, Soon);
        _failures.Broken.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void A_fault_now_and_then_is_not_broken_storage()
    {
        NoteAfter(TimeSpan.Zero, 4 * Deadline, 4 * Deadline, 4 * Deadline);
        _failures.Broken.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lease_shows_that_storage_is_mended_where_it_can_be_away(bool away)
    {
        StorageFailures failures = new(_time, "database", TimeSpan.Zero) { EndsWithLease = away, Advice = "wait" };
        failures.Note(new TimeoutException("no answer"));
        failures.Reason.ShouldNotBeNull().ShouldContain("wait");

        failures.OnLease();

        (failures.Reason is null).ShouldBe(away);
    }

    [Fact]
    public void A_full_disk_is_known_by_the_database_s_words_too() =>
        StorageException.IsDiskFull(new StorageException("journal", new Microsoft.Data.Sqlite.SqliteException("database or disk is full", 13))).ShouldBeTrue();

    private void NoteAfter(params TimeSpan[] pauses)
    {
        foreach (TimeSpan pause in pauses)
        {
            _time.Advance(pause);
            _failures.Note(Full);
        }
    }

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan pause) => _now += pause.Ticks;
    }
}
