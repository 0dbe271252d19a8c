using System.Text;
using Cluster.Actors.Persistence.Storage;
using Cluster.Tests.Shared;
using Npgsql;

namespace Cluster.Actors.Tests.Persistence.Embedded;

/// <summary>What only a server can do to its clients: restart, hang, cut connections, be shared by many.</summary>
[Collection(PostgreSqlTests.Name)]
public sealed class PostgreSqlPersistenceTests(PostgreSqlServer server)
{
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Writing_goes_on_by_itself_when_the_server_comes_back(bool crash)
    {
        using PostgreSqlPersistence store = new(server.NewDatabase());
        await store.Write([Event(1)]);

        server.Stop(crash);
        Task during = store.Write([Event(2)]);
        server.Start();

        await during;
        (await store.Read("a", 1, 9, 9)).Events.Length.ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_server_that_stays_away_fails_the_request_after_the_deadline()
    {
        // Once the server is back, a connection or two that a busy machine makes too slowly have room within it.
        using PostgreSqlPersistence store = new(server.NewDatabase()) { OutageDeadline = TimeSpan.FromSeconds(12) };
        server.Stop(crash: true);
        try
        {
            StoreUnreachableException given = await Should.ThrowAsync<StoreUnreachableException>(() => store.Write([Event(1)]));

            given.Message.ShouldContain("wanted an answer of the database, got none");
            given.ToString().ShouldNotContain(PostgreSqlServer.Password);
        }
        finally
        {
            server.Start();
        }
        await store.Write([Event(1)]);
    }

    [SkippableFact]
    public async Task A_connection_cut_at_any_statement_loses_and_doubles_nothing()
    {
        string database = server.NewDatabase();
        using PostgreSqlPersistence store = new(database);
        using NpgsqlConnection executioner = new(database);
        executioner.Open();
        await store.Raise(1);
        const int events = 300;

        List<Task> writes = [];
        for (int number = 1; number <= events; number++)
        {
            writes.Add(store.Write([Event(number)]));
            if (number % 10 == 0) Cut(executioner);
        }
        await Task.WhenAll(writes);

        (await store.Read("a", 1, long.MaxValue, events + 1)).Events.Select(stored => stored.SequenceNr)
            .ShouldBe(Enumerable.Range(1, events).Select(number => (long)number));
    }

    [SkippableTheory]
    [InlineData("events", "")]
    [InlineData("streams", "")]
    [InlineData("snapshots", "")]
    [InlineData("snapshot_blocks", "")]
    [InlineData("events", "DEFERRABLE INITIALLY DEFERRED")]
    public async Task A_connection_that_ends_at_a_given_statement_or_commit_leaves_nothing_half_done(string table, string when)
    {
        string database = server.NewDatabase();
        using PostgreSqlPersistence store = new(database);
        CutEveryFifthRow(database, table, when);
        StoredSnapshot snapshot = new(new SnapshotMetadata("a", 1, DateTime.UnixEpoch), "text", new byte[JournalTables.BlockBytesMax + 1]);

        for (int number = 1; number <= 12; number++)
        {
            await store.Write([Event(number)]);
            await store.Save(snapshot with { Metadata = new SnapshotMetadata("a", number, DateTime.UnixEpoch) });
        }

        (await store.Read("a", 1, long.MaxValue, 99)).Events.Length.ShouldBe(12);
        SnapshotRead read = await store.Load(SnapshotSelectionCriteria.Latest);
        read.Damaged.ShouldBeEmpty();
        (read.Snapshot!.Metadata.SequenceNr, read.Snapshot.Payload.Length).ShouldBe((12, snapshot.Payload.Length));
    }

    [SkippableFact]
    public async Task A_node_that_stops_in_the_middle_of_a_transaction_does_not_hold_up_its_successor()
    {
        string database = server.NewDatabase();
        using PostgreSqlPersistence older = new(database), newer = new(database);
        await older.Raise(1);
        using NpgsqlConnection stopped = new(database + ";Search Path=cluster;Options=-c idle_in_transaction_session_timeout=1000");
        stopped.Open();
        using NpgsqlTransaction open = stopped.BeginTransaction();
        using NpgsqlCommand look = new("SELECT token FROM fence FOR SHARE", stopped, open);
        look.ExecuteScalar().ShouldBe(1L);

        await newer.Raise(2);

        await Should.ThrowAsync<StaleWriterException>(() => older.Write([Event(1)]));
    }

    [SkippableFact]
    public async Task Nodes_that_start_at_once_make_the_tables_once()
    {
        string database = server.NewDatabase();

        PostgreSqlPersistence[] stores = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() => new PostgreSqlPersistence(database), TaskCreationOptions.LongRunning)));

        await Task.WhenAll(stores.Select((store, index) => store.Write([new StoredEvent("stream" + index, 1, "text", new byte[] { 1 })])));
        foreach (PostgreSqlPersistence store in stores) store.Dispose();
    }

    [SkippableFact]
    public void No_fault_of_the_connection_string_repeats_the_password()
    {
        server.RequirePresence();
        string wrongPassword = server.NewDatabase().Replace(PostgreSqlServer.Password, "hush-hush", StringComparison.Ordinal);

        foreach (string text in (string[])[wrongPassword, "Host=localhost;Password=ab;hush-hush=1", "Host=localhost;Port=hush-hush", "hush-hush", "Password=\"hush-hush"])
        {
            Exception fault = Should.Throw<Exception>(() => new PostgreSqlPersistence(text));

            fault.ToString().ShouldNotContain("hush-hush");
        }
    }

    /// <summary>A sequence counts on through what is rolled back, so that the row is let through when it is tried again.</summary>
    private static void CutEveryFifthRow(string database, string table, string when)
    {
        using NpgsqlConnection connection = new(database + ";Search Path=cluster");
        connection.Open();
        string trigger = when.Length > 0 ? $"CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON {table} {when}" : $"CREATE TRIGGER cut AFTER INSERT ON {table}";
#pragma warning disable CA2100 // The parts are constants of the tests above.
        using NpgsqlCommand command = new(
            $"""
            CREATE SEQUENCE rows;
            CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF nextval('rows') % 5 = 0 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END $$;
            {trigger} FOR EACH ROW EXECUTE FUNCTION cut();
            """, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static void Cut(NpgsqlConnection executioner)
    {
        using NpgsqlCommand command = new("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cluster journal' AND datname = current_database()", executioner);
        command.ExecuteNonQuery();
    }

    private static StoredEvent Event(long number) => new("a", number, "text", Encoding.UTF8.GetBytes("a" + number));
}
