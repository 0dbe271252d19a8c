using System.Globalization;
using System.Text.Json;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Cluster.Messages.Node.Journal;

namespace Cluster.Messages.Node;

/// <summary>What of a node's configuration has no method in Akka.Hosting, as text.</summary>
internal static class NodeConfiguration
{
    /// <summary>Bytes of a frame: the largest message, and what the engine puts around it.</summary>
    private const int FrameBytesMax = Wire.Limits.MessageBytesMax + (16 * 1024);

    /// <summary>Of the engine's orders to make an actor of a type that the sender names; no node gives any.</summary>
    private const int DeploymentIdentifier = 3;

    public static Config Write(NodeOptions options, LogLevel logLevel)
    {
        Config written = ConfigurationFactory.ParseString(TextOf(options, logLevel));
        return options.JournalConnection is null ? written : written.WithFallback(SqlPersistence.DefaultConfiguration);
    }

    private static string TextOf(NodeOptions options, LogLevel logLevel) =>
        $$"""
        akka {
          loglevel = {{logLevel.StringFor()}}
          stdout-loglevel = OFF
          loggers = []
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.run-by-actor-system-terminate = off
          actor {
            provider = cluster
            default-dispatcher { type = Dispatcher, executor = {{Quote(TypeName<LendingExecutorConfigurator>())}} }
            serializers.json = {{Quote(typeof(RefusingSerializer).AssemblyQualifiedName!)}}
            serializers.daemon-create = {{Quote(typeof(RefusingSerializer).AssemblyQualifiedName!)}}
            serialization-settings.daemon-create.identifier = {{DeploymentIdentifier}}
          }
          cluster.sharding.state-store-mode = ddata
          cluster.sharding.distributed-data.durable.keys = []
          cluster.split-brain-resolver.stable-after = {{Duration(options.DownAfter)}}
          {{(options.Alone ? Alone() : Network())}}
          {{Journal(options)}}
        }
        cluster.journal-dispatcher.type = PinnedDispatcher
        """;

    /// <summary>
    /// A node alone waits for no other: there is no gossip to spread, and nothing to hand over at its end. Its short
    /// intervals are what it takes to be a member with a singleton and a home for shards, each some ticks.
    /// </summary>
    private static string Alone() =>
        $$"""
        remote {
            enabled-transports = ["akka.remote.alone"]
            alone { transport-class = {{Quote(TypeName<AloneTransport>())}}, applied-adapters = [], payload-bytes = {{Number(FrameBytesMax)}}b }
          }
          cluster {
            gossip-interval = 20ms
            leader-actions-interval = 20ms
            periodic-tasks-initial-delay = 10ms
            unreachable-nodes-reaper-interval = 1s
            min-nr-of-members = 1
            downing-provider-class = ""
            singleton { min-number-of-hand-over-retries = 10, hand-over-retry-interval = 50ms }
            singleton-proxy.singleton-identification-interval = 20ms
            sharding {
              retry-interval = 50ms
              waiting-for-state-timeout = 2s
              updating-state-timeout = 2s
              distributed-data { gossip-interval = 50ms, notify-subscribers-interval = 20ms, majority-min-cap = 1 }
            }
            distributed-data { gossip-interval = 50ms, notify-subscribers-interval = 20ms }
          }
        """;

    /// <summary>
    /// Nodes of one network are a few: they may tell each other more often than thousands could. Short intervals are what it takes for a worker to
    /// become a member with a home for shards, and for the others to take over from one that is lost, each some ticks.
    /// </summary>
    private static string Network() =>
        """
        cluster {
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            periodic-tasks-initial-delay = 100ms
            unreachable-nodes-reaper-interval = 200ms
            singleton { min-number-of-hand-over-retries = 60, hand-over-retry-interval = 250ms }
            singleton-proxy.singleton-identification-interval = 200ms
            sharding {
              retry-interval = 500ms
              coordinator-failure-backoff = 1s
              distributed-data { gossip-interval = 500ms, notify-subscribers-interval = 100ms }
            }
          }
        """;

    private static string Journal(NodeOptions options) => options switch
    {
        { JournalConnection: { } database } => $$"""
            persistence {
                journal { plugin = "akka.persistence.journal.sql", sql { connection-string = {{Quote(database)}}, provider-name = "PostgreSQL.15", auto-initialize = on } }
                snapshot-store.plugin = "akka.persistence.no-snapshot-store"
              }
            """,
        { JournalPath: { } path } => $$"""
            persistence {
                journal {
                  plugin = {{Quote(SqliteEventJournal.PluginPath)}}
                  sqlite-events { class = {{Quote(TypeName<SqliteEventJournal>())}}, plugin-dispatcher = cluster.journal-dispatcher, path = {{Quote(Path.GetFullPath(path))}} }
                }
                snapshot-store.plugin = "akka.persistence.no-snapshot-store"
              }
            """,
        _ => "",
    };

    private static string TypeName<T>() => typeof(T).AssemblyQualifiedName!;

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0}ms");
}
