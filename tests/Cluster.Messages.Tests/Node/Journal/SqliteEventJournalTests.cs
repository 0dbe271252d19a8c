using System.Collections.Immutable;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Microsoft.Data.Sqlite;

namespace Cluster.Messages.Tests.Node.Journal;

public sealed class SqliteEventJournalTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-journal-");

    private string JournalPath => Path.Combine(_folder.FullName, "journal.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Streams_are_replayed_apart_and_in_their_order()
    {
        await WithNode(async system =>
        {
            IActorRef odd = Stream(system, "odd"), even = Stream(system, "even");
            foreach (int number in new[] { 1, 3, 5 }) await Ask(odd, new Append([number]));
            await Ask(even, new Append([2, 4]));
        });

        await WithNode(async system =>
        {
            (await Ask(Stream(system, "odd"), new Append([7]))).ShouldBe([1, 3, 5, 7]);
            (await Ask(Stream(system, "even"), new Append([]))).ShouldBe([2, 4]);
            (await Ask(Stream(system, "new"), new Append([]))).ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task A_number_that_another_writer_has_used_is_refused_and_nothing_of_that_write_stays()
    {
        await WithNode(async system =>
        {
            IActorRef stream = Stream(system, "contested");
            await Ask(stream, new Append([1]));
            Execute("INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) VALUES (0, 0, 'contested', 3, x'00')");

            IActorRef watcher = await Watch(system, stream);
            stream.Tell(new Append([2, 3]));
            await watcher.Ask<Gone>("gone", Deadline);
        });

        Count("SELECT COUNT(*) FROM journal WHERE persistence_id = 'contested'").ShouldBe(2);       // the first, and the stranger's
    }

    [Fact]
    public async Task Deleted_events_do_not_come_back_and_their_numbers_are_not_given_away_again()
    {
        await WithNode(async system =>
        {
            IActorRef stream = Stream(system, "short");
            await Ask(stream, new Append([1, 2, 3]));
            await stream.Ask<DeleteMessagesSuccess>(new DeleteTo(3), Deadline);
        });

        await WithNode(async system => (await Ask(Stream(system, "short"), new Append([4]))).ShouldBe([4]));
        Count("SELECT MAX(sequence_number) FROM journal WHERE persistence_id = 'short'").ShouldBe(4);
    }

    [Fact]
    public async Task What_it_wrote_is_read_by_Akka_Persistence_Sql()
    {
        await WithNode(async system => await Ask(Stream(system, "moved"), new Append([1, 2])));

        Config sql = ConfigurationFactory.ParseString($$"""
            akka.loggers = []
            akka.stdout-loglevel = OFF
            akka.persistence.journal {
              plugin = "akka.persistence.journal.sql"
              sql { connection-string = "Data Source={{JournalPath}}", provider-name = "SQLite.MS", auto-initialize = on }
            }
            """).WithFallback(SqlPersistence.DefaultConfiguration);
        using ActorSystem system = ActorSystem.Create("other", BootstrapSetup.Create().WithConfig(sql).And(SerializationSetup.Create(self =>
            [SerializerDetails.Create("cluster-messages", new ClusterMessageSerializer(self, Codecs().Freeze()), [typeof(Numbered)])])));

        (await Ask(Stream(system, "moved"), new Append([3]))).ShouldBe([1, 2, 3]);
        await system.Terminate();
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_ends_its_reader()
    {
        await WithNode(async system => await Ask(Stream(system, "damaged"), new Append([1])));
        Execute("UPDATE journal SET manifest = 'test-unknown'");

        await WithNode(async system =>
        {
            IActorRef stream = Stream(system, "damaged");
            IActorRef watcher = await Watch(system, stream);
            await watcher.Ask<Gone>("gone", Deadline);
        });
    }

    private static MessageCodecs Codecs() =>
        MessageCodecs.ForMessages().Register<Numbered>("test-numbered", (w, e) => w.Int32(e.Number), r => new Numbered(r.Int32("Number")));

    private static IActorRef Stream(ActorSystem system, string name) => system.ActorOf(Props.Create(() => new StreamActor(name)), name);

    private static Task<ImmutableArray<int>> Ask(IActorRef stream, Append append) => stream.Ask<ImmutableArray<int>>(append, Deadline);

    private static async Task<IActorRef> Watch(ActorSystem system, IActorRef watched)
    {
        IActorRef watcher = system.ActorOf(Props.Create(() => new WatcherActor(watched)));
        await watcher.Ask<bool>(true, Deadline);
        return watcher;
    }

    private async Task WithNode(Func<ActorSystem, Task> work)
    {
        await using ClusterNode node = ClusterNode.Start(
            new NodeOptions { Roles = [NodeRoles.Coordinator], Alone = true, ComputeThreads = 1, JournalPath = JournalPath }, Codecs(), NodeEnvironment.InProcess());
        await node.WaitUntilUp(Deadline);
        await work(node.System);
    }

    private void Execute(string text) => With(text, command => command.ExecuteNonQuery());

    private long Count(string text) => With(text, command => (long)command.ExecuteScalar()!);

#pragma warning disable CA2100 // The tests' own texts.
    private T With<T>(string text, Func<SqliteCommand, T> run)
    {
        using SqliteConnection connection = new($"Data Source={JournalPath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        return run(command);
    }
#pragma warning restore CA2100

    private sealed record Numbered(int Number);

    private sealed record Append(ImmutableArray<int> Numbers) : INoSerializationVerificationNeeded;

    private sealed record Gone : INoSerializationVerificationNeeded;

    private sealed record DeleteTo(long Number) : INoSerializationVerificationNeeded;

    /// <summary>A stream of numbers, which are told once they are written.</summary>
    private sealed class StreamActor : ReceivePersistentActor
    {
        private ImmutableArray<int> _numbers = [];

        public StreamActor(string name)
        {
            PersistenceId = name;
            IActorRef? deleter = null;
            Recover<Numbered>(recovered => _numbers = _numbers.Add(recovered.Number));
            Command<Append>(append =>
            {
                IActorRef asker = Sender;
                PersistAll(append.Numbers.Select(number => new Numbered(number)), written => _numbers = _numbers.Add(written.Number));
                DeferAsync(append, _ => asker.Tell(_numbers));
            });
            Command<DeleteTo>(delete =>
            {
                deleter = Sender;
                DeleteMessages(delete.Number);
            });
            Command<DeleteMessagesSuccess>(done => deleter.Tell(done));
        }

        public override string PersistenceId { get; }
    }

    /// <summary>Tells of the end of another, when it is asked.</summary>
    private sealed class WatcherActor : ReceiveActor
    {
        private bool _gone;
        private IActorRef? _asker;

        public WatcherActor(IActorRef watched)
        {
            Context.Watch(watched);
            Receive<bool>(_ => Sender.Tell(true));
            Receive<Terminated>(_ =>
            {
                _gone = true;
                _asker?.Tell(new Gone());
            });
            Receive<string>(_ =>
            {
                _asker = Sender;
                if (_gone) Sender.Tell(new Gone());
            });
        }
    }
}
