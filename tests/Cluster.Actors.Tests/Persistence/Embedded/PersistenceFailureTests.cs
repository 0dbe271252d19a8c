using Cluster.Actors.Persistence.Storage;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cluster.Actors.Tests.Persistence.Embedded;

/// <summary>What happens to an actor whose store fails it.</summary>
public sealed class PersistenceFailureTests : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-journal-").FullName;
    private readonly List<ActorTestKit> _kits = [];

    private string File => Path.Combine(_folder, "journal.db");

    public void Dispose()
    {
        foreach (ActorTestKit kit in _kits) kit.Shutdown(duration: s_timeout);     // a store that is still open writes into the folder
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_write_that_fails_stops_the_actor()
    {
        FailingStore store = new(new MemoryPersistence().Open(TimeProvider.System));
        ActorTestKit kit = Kit(new PersistenceSetup(store));
        IActorRef actor = kit.Watch(kit.Sys.ActorOf(Journalist.PropsFor("a", kit.TestActor)));
        kit.ExpectMsg("recovered at 0");

        store.Full = true;
        actor.Tell(new Journalist.Write("x"), ActorRefs.NoSender);

        kit.ExpectMsg("failed 1");
        kit.ExpectTerminated(actor);
    }

    [Fact]
    public void A_snapshot_that_fails_is_reported_and_the_actor_goes_on()
    {
        FailingStore store = new(new MemoryPersistence().Open(TimeProvider.System)) { Full = true };
        ActorTestKit kit = Kit(new PersistenceSetup(store));
        IActorRef actor = kit.Sys.ActorOf(Journalist.PropsFor("a", kit.TestActor));
        kit.ExpectMsg("recovered at 0");

        actor.Tell(new Journalist.TakeSnapshot(), ActorRefs.NoSender);
        kit.ExpectMsg("not saved 0");

        actor.Tell(new Journalist.Note("alive"), ActorRefs.NoSender);
        kit.ExpectMsg("noted alive");
    }

    [Fact]
    public void An_event_that_no_serializer_knows_is_rejected_and_the_actor_goes_on()
    {
        ActorTestKit kit = Kit(new PersistenceSetup(new MemoryPersistence().Open(TimeProvider.System)));
        IActorRef actor = kit.Sys.ActorOf(Journalist.PropsFor("a", kit.TestActor));
        kit.ExpectMsg("recovered at 0");

        actor.Tell(new Journalist.WriteObject(new Version(1, 2)), ActorRefs.NoSender);
        actor.Tell(new Journalist.Write("x"), ActorRefs.NoSender);

        kit.ExpectMsg("rejected 1");
        kit.ExpectMsg("wrote x as 2");
    }

    [Fact]
    public void A_store_that_does_not_answer_fails_the_recovery_and_stops_the_actor()
    {
        FailingStore store = new(new MemoryPersistence().Open(TimeProvider.System)) { Silent = true };
        ActorTestKit kit = Kit(new PersistenceSetup(store) { RecoveryEventTimeout = TimeSpan.FromMilliseconds(50) });

        IActorRef actor = kit.Watch(kit.Sys.ActorOf(Journalist.PropsFor("a", kit.TestActor)));

        kit.ExpectMsg<string>().ShouldStartWith("recovery failed: a: recovery: wanted an answer");
        kit.ExpectTerminated(actor);
    }

    [Fact]
    public void A_damaged_event_fails_the_recovery_by_its_name()
    {
        ActorTestKit first = Kit(new PersistenceSetup(new SqlitePersistence(File)));
        IActorRef actor = first.Sys.ActorOf(Journalist.PropsFor("a", first.TestActor));
        first.ExpectMsg("recovered at 0");
        actor.Tell(new Journalist.Write("x", "y"), ActorRefs.NoSender);
        first.ExpectMsg("wrote x as 1");
        first.ExpectMsg("wrote y as 2");
        first.Shutdown(duration: s_timeout);
        _kits.Remove(first);
        using (SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ToString()))
            connection.Execute("UPDATE events SET payload = x'FF' WHERE sequence_nr = 2").ShouldBe(1);

        ActorTestKit second = Kit(new PersistenceSetup(new SqlitePersistence(File)));
        IActorRef again = second.Watch(second.Sys.ActorOf(Journalist.PropsFor("a", second.TestActor)));

        string report = second.ExpectMsg<string>();
        report.ShouldContain("journal.db: events row (a, 2): wanted checksum");
        second.ExpectTerminated(again);
    }

    [Fact]
    public void A_manifest_that_no_serializer_knows_fails_the_recovery_by_its_name()
    {
        MemoryPersistence disk = new();
        using (MemoryStore earlier = disk.Open(TimeProvider.System))
            earlier.Write([new StoredEvent("a", 1, "9999:gone", new byte[] { 1 })], error => error.ShouldBeNull());
        ActorTestKit kit = Kit(new PersistenceSetup(disk.Open(TimeProvider.System)));

        IActorRef actor = kit.Watch(kit.Sys.ActorOf(Journalist.PropsFor("a", kit.TestActor)));

        kit.ExpectMsg<string>().ShouldContain("a, event 1: wanted a shape that a registered serializer knows, got '9999:gone'");
        kit.ExpectTerminated(actor);
    }

    [Fact]
    public void A_crash_loses_writes_that_were_not_acknowledged_and_keeps_those_that_were()
    {
        MemoryPersistence disk = new();
        TestKit.ManualTimeProvider time = new();
        List<string> acknowledged = [];
        MemoryStore first = disk.Open(time, () => TimeSpan.FromSeconds(1));
        first.Write([new StoredEvent("a", 1, "m", new byte[] { 1 })], _ => acknowledged.Add("first"));
        first.Write([new StoredEvent("a", 2, "m", new byte[] { 2 })], _ => acknowledged.Add("second"));

        time.Advance(TimeSpan.FromSeconds(1));
        first.Dispose();
        time.Advance(TimeSpan.FromSeconds(5));

        acknowledged.ShouldBe(["first"]);
        using MemoryStore second = disk.Open(time);
        second.Read("a", 1, 9, 9, (page, _) => page!.Events.ShouldHaveSingleItem().SequenceNr.ShouldBe(1));
    }

    private ActorTestKit Kit(PersistenceSetup persistence)
    {
        ActorTestKit kit = new(new EmbeddedSetup().With(persistence));
        _kits.Add(kit);
        return kit;
    }
}
