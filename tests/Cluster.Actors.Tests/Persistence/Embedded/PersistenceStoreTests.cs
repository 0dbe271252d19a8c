using System.Data.Common;
using System.Text;
using Cluster.Actors.Persistence.Storage;
using Cluster.Tests.Shared;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Cluster.Actors.Tests.Persistence.Embedded;

/// <summary>What every store promises, and what only a database can suffer.</summary>
[Collection(PostgreSqlTests.Name)]
public sealed class PersistenceStoreTests(PostgreSqlServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-journal-").FullName;

    private string? _database;

    private string File => Path.Combine(_folder, "journal.db");

    public static TheoryData<string> Stores => ["memory", "sqlite", "postgresql"];

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
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

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public async Task A_number_written_twice_is_refused_and_the_first_stays(string kind)
    {
        using IPersistenceStore store = Open(kind);
        await store.Write([Event("a", 1)]);

        await Should.ThrowAsync<DuplicateEventException>(() => store.Write([Event("a", 1, "other")]));

        (await store.Read("a", 1, 9, 9)).Events.Select(Text).ShouldBe(["a1"]);
    }

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public async Task A_batch_is_written_whole_or_not_at_all(string kind)
    {
        using IPersistenceStore store = Open(kind);

        await Should.ThrowAsync<DuplicateEventException>(() => store.Write([Event("a", 1), Event("a", 2), Event("a", 2)]));

        (await store.Read("a", 1, 9, 9)).ShouldSatisfyAllConditions(
            page => page.Events.ShouldBeEmpty(),
            page => page.HighestSequenceNr.ShouldBe(0));
    }

    [SkippableTheory]
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

    [SkippableTheory]
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

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public async Task A_database_keeps_everything_when_it_is_closed_and_opened(string kind)
    {
        using (IPersistenceStore store = Open(kind))
        {
            await store.Write([Event("a", 1)]);
            await store.Save(Snapshot(1));
        }

        using IPersistenceStore again = Open(kind);
        (await again.Read("a", 1, 9, 9)).Events.Select(Text).ShouldBe(["a1"]);
        (await again.Load(SnapshotSelectionCriteria.Latest)).Snapshot.ShouldNotBeNull();
    }

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public async Task Many_writers_share_commits_and_each_hears_its_own_outcome(string kind)
    {
        using IPersistenceStore store = Open(kind);
        Task[] writes = [.. Enumerable.Range(0, 200).Select(index => store.Write([Event("stream" + index, 1)]))];
        Task duplicate = store.Write([Event("stream7", 1)]);
        Task after = store.Write([Event("stream7", 2)]);

        await Task.WhenAll(writes);
        await after;

        await Should.ThrowAsync<DuplicateEventException>(() => duplicate);
        (await store.Read("stream7", 1, 9, 9)).HighestSequenceNr.ShouldBe(2);
    }

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public async Task A_damaged_event_is_recognised_and_named(string kind)
    {
        using (IPersistenceStore store = Open(kind)) await store.Write([Event("a", 1), Event("a", 2)]);
        Damage(kind, "UPDATE events SET checksum = checksum + 1 WHERE sequence_nr = 2");

        using IPersistenceStore again = Open(kind);
        DamagedRecordException damaged = await Should.ThrowAsync<DamagedRecordException>(() => again.Read("a", 1, 9, 9));

        if (kind == "sqlite") damaged.Store.ShouldBe(File);
        else damaged.Store.ShouldStartWith("postgresql://");
        damaged.PersistenceId.ShouldBe("a");
        damaged.SequenceNr.ShouldBe(2);
        damaged.Message.ShouldContain("events row (a, 2)");
    }

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public async Task A_damaged_snapshot_is_named_and_the_one_before_it_is_used(string kind)
    {
        using (IPersistenceStore store = Open(kind))
        {
            await store.Save(Snapshot(3));
            await store.Save(Snapshot(7));
        }

        Damage(kind, "UPDATE snapshot_blocks SET checksum = checksum + 1 WHERE sequence_nr = 7");

        using IPersistenceStore again = Open(kind);
        SnapshotRead read = await again.Load(SnapshotSelectionCriteria.Latest);

        read.Snapshot!.Metadata.SequenceNr.ShouldBe(3);
        read.Damaged.ShouldHaveSingleItem().SequenceNr.ShouldBe(7);
    }

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public void A_database_of_a_newer_schema_is_refused(string kind)
    {
        Open(kind).Dispose();
        Damage(kind, "UPDATE schema_version SET version = 99");

        Should.Throw<IncompatibleSchemaException>(() => Open(kind)).Message.ShouldContain("got 99");
    }

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public async Task A_token_shuts_out_whoever_writes_under_an_older_one_or_none(string kind)
    {
        using IPersistenceStore older = Open(kind), newer = OpenAgain(kind, older);
        await older.Raise(1);
        await older.Write([Event("a", 1)]);

        await newer.Raise(2);

        StaleWriterException stale = await Should.ThrowAsync<StaleWriterException>(() => older.Write([Event("a", 2)]));
        (stale.Token, stale.NewestToken).ShouldBe((1, 2));
        await Should.ThrowAsync<StaleWriterException>(() => older.Save(Snapshot(1)));
        await Should.ThrowAsync<StaleWriterException>(() => older.Delete("a", 1));
        using (IPersistenceStore without = OpenAgain(kind, older))
            await Should.ThrowAsync<StaleWriterException>(() => without.Write([Event("a", 2)]));
        await newer.Write([Event("a", 2)]);
        (await older.Read("a", 1, 9, 9)).Events.Select(Text).ShouldBe(["a1", "a2"]);
    }

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public async Task A_token_can_be_raised_once_and_only_upwards(string kind)
    {
        using IPersistenceStore one = Open(kind), other = OpenAgain(kind, one);
        await one.Raise(5);

        await Should.ThrowAsync<StaleWriterException>(() => other.Raise(5));
        await Should.ThrowAsync<StaleWriterException>(() => other.Raise(4));

        await one.Write([Event("a", 1)]);
        await Should.ThrowAsync<StaleWriterException>(() => other.Write([Event("a", 2)]));
    }

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public async Task A_snapshot_of_many_blocks_is_whole_or_passed_over(string kind)
    {
        byte[] large = [.. Enumerable.Range(0, (2 * JournalTables.BlockBytesMax) + 17).Select(i => (byte)(i % 251))];
        using IPersistenceStore store = Open(kind);
        await store.Save(Snapshot(3));
        await store.Save(Snapshot(7) with { Payload = large });
        (await store.Load(SnapshotSelectionCriteria.Latest)).Snapshot!.Payload.ToArray().ShouldBe(large);

        Damage(kind, "DELETE FROM snapshot_blocks WHERE sequence_nr = 7 AND block_nr = 2");

        SnapshotRead read = await store.Load(SnapshotSelectionCriteria.Latest);
        read.Snapshot!.Metadata.SequenceNr.ShouldBe(3);
        read.Damaged.ShouldHaveSingleItem().SequenceNr.ShouldBe(7);
    }

    [SkippableTheory]
    [MemberData(nameof(Databases))]
    public async Task Only_the_newest_snapshots_are_kept(string kind)
    {
        using IPersistenceStore store = Open(kind);
        for (int number = 1; number <= JournalTables.SnapshotsKeptMax + 2; number++) await store.Save(Snapshot(number));

        (await store.Load(new SnapshotSelectionCriteria(2))).Snapshot.ShouldBeNull();
        (await store.Load(new SnapshotSelectionCriteria(3))).Snapshot!.Metadata.SequenceNr.ShouldBe(3);
    }

    [Fact]
    public async Task A_file_of_the_first_schema_keeps_its_events_and_snapshots()
    {
        using (SqliteConnection connection = new(Sqlite))
        {
            connection.Execute(
                """
                CREATE TABLE schema_version (version INTEGER NOT NULL);
                INSERT INTO schema_version (version) VALUES (1);
                CREATE TABLE streams (persistence_id TEXT PRIMARY KEY, highest_nr INTEGER NOT NULL, deleted_to INTEGER NOT NULL) WITHOUT ROWID;
                CREATE TABLE events (persistence_id TEXT NOT NULL, sequence_nr INTEGER NOT NULL, manifest TEXT NOT NULL, payload BLOB NOT NULL, checksum INTEGER NOT NULL, UNIQUE (persistence_id, sequence_nr));
                CREATE TABLE snapshots (persistence_id TEXT NOT NULL, sequence_nr INTEGER NOT NULL, taken_at_ticks INTEGER NOT NULL, manifest TEXT NOT NULL, payload BLOB NOT NULL, checksum INTEGER NOT NULL, UNIQUE (persistence_id, sequence_nr));
                INSERT INTO streams VALUES ('a', 1, 0);
                """);
            connection.Execute("INSERT INTO events VALUES ('a', 1, 'text', @payload, @checksum)", new { payload = "a1"u8.ToArray(), checksum = (long)RecordChecksum.Of("a", 1, "text", "a1"u8) });
            connection.Execute("INSERT INTO snapshots VALUES ('a', 1, 5, 'text', @payload, @checksum)", new { payload = "s1"u8.ToArray(), checksum = (long)RecordChecksum.Of("a", 1, "text", "s1"u8) });
        }

        using IPersistenceStore store = Open("sqlite");

        (await store.Read("a", 1, 9, 9)).Events.Select(Text).ShouldBe(["a1"]);
        (await store.Load(SnapshotSelectionCriteria.Latest)).Snapshot!.Payload.ToArray().ShouldBe("s1"u8.ToArray());
        await store.Write([Event("a", 2)]);
    }

    private string Sqlite => new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString();

    private IPersistenceStore Open(string kind) => kind switch
    {
        "memory" => new MemoryPersistence().Open(TimeProvider.System),
        "sqlite" => new SqlitePersistence(File),
        _ => new PostgreSqlPersistence(_database ??= server.NewDatabase()),
    };

    /// <summary>Another store over the same events.</summary>
    private IPersistenceStore OpenAgain(string kind, IPersistenceStore first) =>
        first is MemoryStore memory ? memory.Disk.Open(TimeProvider.System) : Open(kind);

    private void Damage(string kind, string statement)
    {
        using DbConnection connection = kind == "sqlite" ? new SqliteConnection(Sqlite) : new NpgsqlConnection(_database + ";Search Path=cluster");
        connection.Execute(statement).ShouldBe(1);
    }

    private static StoredEvent Event(string id, long number, string? text = null) =>
        new(id, number, "text", Encoding.UTF8.GetBytes(text ?? id + number));

    private static StoredSnapshot Snapshot(long number) =>
        new(new SnapshotMetadata("a", number, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(number)), "text", new byte[] { 1, 2, 3 });

    private static string Text(StoredEvent stored) => Encoding.UTF8.GetString(stored.Payload.Span);
}
