using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Cluster.Messages.Node;

/// <summary>The engine's configuration text for a node.</summary>
internal static class NodeConfiguration
{
    /// <summary>Bytes of a frame: the largest message, and what the engine puts around it.</summary>
    private const int FrameBytesMax = Wire.Limits.MessageBytesMax + (16 * 1024);

    public static string Write(NodeOptions options, LogLevel logLevel) =>
        $$"""
        akka {
          loglevel = {{logLevel.StringFor()}}
          stdout-loglevel = OFF
          loggers = []
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.run-by-actor-system-terminate = off
          actor {
            provider = cluster
            serializers.json = {{Quote(typeof(RefusingSerializer).AssemblyQualifiedName!)}}
          }
          remote.dot-netty.tcp {
            hostname = {{Quote(options.Address.Host)}}
            port = {{Number(options.Address.Port)}}
            maximum-frame-size = {{Number(FrameBytesMax)}}b
            send-buffer-size = {{Number(2 * FrameBytesMax)}}b
            receive-buffer-size = {{Number(2 * FrameBytesMax)}}b
          }
          cluster {
            roles = [{{string.Join(", ", options.Roles.Select(Quote))}}]
            failure-detector.heartbeat-interval = {{Duration(options.HeartbeatInterval)}}
            failure-detector.acceptable-heartbeat-pause = {{Duration(options.AcceptablePause)}}
            failure-detector.threshold = {{options.SuspicionThreshold.ToString(CultureInfo.InvariantCulture)}}
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            split-brain-resolver.active-strategy = keep-majority
            split-brain-resolver.keep-majority.role = {{Quote(options.SplitRole ?? "")}}
            split-brain-resolver.stable-after = {{Duration(options.DownAfter)}}
            sharding.state-store-mode = ddata
            sharding.distributed-data.durable.keys = []
          }
          {{Journal(options)}}
        }
        """;

    private static string Journal(NodeOptions options)
    {
        if (!options.HasJournal) return string.Empty;
        (string provider, string connection) = options.JournalConnection is { } database
            ? ("PostgreSQL.15", database)
            : ("SQLite.MS", new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(options.JournalPath!) }.ConnectionString);
        string where = $$"""{ connection-string = {{Quote(connection)}}, provider-name = "{{provider}}", auto-initialize = on }""";
        return $$"""
            persistence {
                journal { plugin = "akka.persistence.journal.sql", sql = {{where}} }
                snapshot-store { plugin = "akka.persistence.snapshot-store.sql", sql = {{where}} }
              }
            """;
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0}ms");
}
