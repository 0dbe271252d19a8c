using System.Text;
using Cluster.Actors.Persistence.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cluster.Actors.Tests.Persistence.Embedded;

/// <summary>What every store promises, and what only a file can suffer.</summary>
public sealed class PersistenceStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-journal-").FullName;

    private string File => Path.Combine(_folder, "journal.db");

    public static TheoryData<string> Stores => ["memory", "sqlite"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Events_are_read_back_in_order_and_in_pages(string kind)
    {
        using IPersistenceStore store = Open(kind);
        await store.Write([Event("a", 1), Event("a", 2), Event("a", 3)]);
        await store.Write([Event("b", 1)]);

        EventPage first = await store.Read("a", 1, long.MaxValue, 2);
        EventPage second = await store.Read("a", 3, long.MaxValue, 2);

        first.Events.Select(Text).ShouldBe(["a1", "a2"]);
        second.Events.Select(Text).ShouldBe(["a3"]);
        second.HighestSequenceNr.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_number_written_twice_is_refused_and_the_first_stays(string kind)
    {
        using IPersistenceStore store = Open(kind);
        await store.Write([Event("a", 1)]);

        await Should.ThrowAsync<DuplicateEventException>(() => store.Write([Event("a", 1, "other")]));

        (await store.Read("a", 1, 9, 9)).Events.Select(Text).ShouldBe(["a1"]);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_batch_is_written_whole_or_not_at_all(string kind)
    {
        using IPersistenceStore store = Open(kind);

        await Should.ThrowAsync<DuplicateEventException>(() => store.Write([Event("a", 1), Event("a", 2), Event("a", 2)]));

        (await store.Read("a", 1, 9, 9)).ShouldSatisfyAllConditions(
            page => page.Events.ShouldBeEmpty(),
            page => page.HighestSequenceNr.ShouldBe(0));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Deleting_events_keeps_the_highest_number(string kind)
    {
        using IPersistenceStore store = Open(kind);
        await store.Write([Event("a", 1), Event("a", 2), Event("a", 3)]);

        await store.Delete("a", 2);

        EventPage page = await store.Read("a", 1, 9, 9);
        page.Events.Select(Text).ShouldBe(["a3"]);
        page.HighestSequenceNr.ShouldBe(3);
        page.DeletedTo.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task The_newest_matching_snapshot_is_found_until_it_is_deleted(string kind)
    {
        using IPersistenceStore store = Open(kind);
        await store.Save(Snapshot(3));
        await store.Save(Snapshot(7));

        (await store.Load(SnapshotSelectionCriteria.Latest)).Snapshot!.Metadata.SequenceNr.ShouldBe(7);
        (await store.Load(new SnapshotSelectionCriteria(6))).Snapshot!.Metadata.SequenceNr.ShouldBe(3);
        (await store.Load(SnapshotSelectionCriteria.None)).Snapshot.ShouldBeNull();
        await store.DeleteSnapshots(new SnapshotSelectionCriteria(3));
        (await store.Load(new SnapshotSelectionCriteria(6))).Snapshot.ShouldBeNull();
    }

    [Fact]
    public async Task A_file_keeps_everything_when_it_is_closed_and_opened()
    {
        using (IPersistenceStore store = Open("sqlite"))
        {
            await store.Write([Event("a", 1)]);
            await store.Save(Snapshot(1));
        }

        using IPersistenceStore again = Open("sqlite");
        (await again.Read("a", 1, 9, 9)).Events.Select(Text).ShouldBe(["a1"]);
        (await again.Load(SnapshotSelectionCriteria.Latest)).Snapshot.ShouldNotBeNull();
    }

    [Fact]
    public async Task Many_writers_share_commits_and_each_hears_its_own_outcome()
    {
        using IPersistenceStore store = Open("sqlite");
        Task[] writes = [.. Enumerable.Range(0, 200).Select(index => store.Write([Event("stream" + index, 1)]))];
        Task duplicate = store.Write([Event("stream7", 1)]);
        Task after = store.Write([Event("stream7", 2)]);

        await Task.WhenAll(writes);
        await after;

        await Should.ThrowAsync<DuplicateEventException>(() => duplicate);
        (await store.Read("stream7", 1, 9, 9)).HighestSequenceNr.ShouldBe(2);
    }

    [Fact]
    public async Task A_damaged_event_is_recognised_and_named()
    {
        using (IPersistenceStore store = Open("sqlite")) await store.Write([Event("a", 1), Event("a", 2)]);
        Damage("UPDATE events SET payload = x'00' WHERE sequence_nr = 2");

        using IPersistenceStore again = Open("sqlite");
        DamagedRecordException damaged = await Should.ThrowAsync<DamagedRecordException>(() => again.Read("a", 1, 9, 9));

        damaged.Store.ShouldBe(File);
        damaged.PersistenceId.ShouldBe("a");
        damaged.SequenceNr.ShouldBe(2);
        damaged.Message.ShouldContain("events row (a, 2)");
    }

    [Fact]
    public async Task A_damaged_snapshot_is_named_and_the_one_before_it_is_used()
    {
        using (IPersistenceStore store = Open("sqlite"))
        {
            await store.Save(Snapshot(3));
            await store.Save(Snapshot(7));
        }

        Damage("UPDATE snapshots SET checksum = checksum + 1 WHERE sequence_nr = 7");

        using IPersistenceStore again = Open("sqlite");
        SnapshotRead read = await again.Load(SnapshotSelectionCriteria.Latest);

        read.Snapshot!.Metadata.SequenceNr.ShouldBe(3);
        read.Damaged.ShouldHaveSingleItem().SequenceNr.ShouldBe(7);
    }

    [Fact]
    public void A_file_of_a_newer_schema_is_refused()
    {
        Open("sqlite").Dispose();
        Damage("UPDATE schema_version SET version = 99");

        Should.Throw<IncompatibleSchemaException>(() => Open("sqlite")).Message.ShouldContain("got 99");
    }

    private IPersistenceStore Open(string kind) =>
        kind == "memory" ? new MemoryPersistence().Open(TimeProvider.System) : new SqlitePersistence(File);

    private void Damage(string statement)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString());
        connection.Execute(statement).ShouldBe(1);
    }

    private static StoredEvent Event(string id, long number, string? text = null) =>
        new(id, number, "text", Encoding.UTF8.GetBytes(text ?? id + number));

    private static StoredSnapshot Snapshot(long number) =>
        new(new SnapshotMetadata("a", number, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(number)), "text", new byte[] { 1, 2, 3 });

    private static string Text(StoredEvent stored) => Encoding.UTF8.GetString(stored.Payload.Span);
}
