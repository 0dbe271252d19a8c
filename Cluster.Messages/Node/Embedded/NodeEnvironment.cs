using System.Data.Common;
using Cluster.Actors.Persistence.Storage;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Node;

/// <summary>What a node is given from outside: the network that it shares with others of its process, clock, threads, log.</summary>
public sealed class NodeEnvironment
{
    private const string LocalHost = "127.0.0.1";
    private readonly EmbeddedSetup _setup;
    private int _lastPort;

    /// <summary>An environment of given parts, as a simulation has them. A journal among them serves where the options name none.</summary>
    /// <param name="setup">Network, clock, dispatcher, journal.</param>
    /// <param name="compute">Where long computations run; null for a pool of the node's own.</param>
    public NodeEnvironment(EmbeddedSetup setup, IComputePool? compute = null)
    {
        ArgumentNullException.ThrowIfNull(setup);
        _setup = setup;
        Compute = compute;
    }

    /// <summary>Where long computations run; null for a pool of the node's own.</summary>
    public IComputePool? Compute { get; }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider => _setup.TimeProvider;

    /// <summary>The least important log lines that are still written. Default: information.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.InfoLevel;

    /// <summary>Where log lines go; null for nowhere but the event stream. Called by one thread at a time for each node.</summary>
    public Action<LogEvent>? LogWriter { get; init; }

    /// <summary>Whether a journal is among the given parts.</summary>
    public bool HasJournal => _setup.Get<PersistenceSetup>() is not null;

    /// <summary>Whether nodes of this engine reach those of other processes: not in this version: its nodes share a network object.</summary>
    public static bool JoinsOtherProcesses => false;

    /// <summary>For a cluster in one process: its nodes reach each other without sockets.</summary>
    /// <param name="serialize">Whether messages are turned into bytes and back, as between processes; by reference otherwise.</param>
    /// <param name="log">Where log lines go; null for nowhere but the event stream. Called by one thread at a time for each node.</param>
    /// <param name="logLevel">The least important lines that are still written.</param>
    public static NodeEnvironment InProcess(bool serialize = false, Action<LogEvent>? log = null, LogLevel logLevel = LogLevel.InfoLevel) =>
        new(new EmbeddedSetup { Network = new InProcessNetwork(serialize) }) { LogWriter = log, LogLevel = logLevel };

    /// <summary>An address for another node of this process.</summary>
    public NodeAddress NextAddress() => new(LocalHost, Interlocked.Increment(ref _lastPort));

    internal ActorSystem StartSystem(NodeOptions options, MessageCodecs codecs)
    {
        NodeAddress address = options.Address.Port == 0 ? NextAddress() with { Host = options.Address.Host } : options.Address;
        EmbeddedSetup setup = _setup with
        {
            Host = address.Host,
            Port = address.Port,
            LogLevel = LogLevel,
            LogWriter = LogWriter ?? _setup.LogWriter,
            Serializers = system => [Serializer(system, codecs), .. _setup.Serializers(system)],
        };
        setup = setup.With((_setup.Get<ClusterSettings>() ?? new ClusterSettings()) with
        {
            Roles = options.Roles,
            HeartbeatInterval = options.HeartbeatInterval,
            AcceptablePause = options.AcceptablePause,
            Downing = (_setup.Get<ClusterSettings>()?.Downing ?? new DowningSettings()) with { StableAfter = options.DownAfter },
        });
        return ActorSystem.Create(options.SystemName, options.HasJournal ? setup.With(new PersistenceSetup(Open(options))) : setup);
    }

    private static SerializerDetails Serializer(ExtendedActorSystem system, MessageCodecs codecs) => SerializerDetails.Create(
        "cluster-messages", new ClusterMessageSerializer(system, codecs), [.. codecs.All.Select(codec => codec.Type)]);

    private static DatabasePersistence Open(NodeOptions options)
    {
        try
        {
            return options.JournalPath is { } path ? new SqlitePersistence(path) : new PostgreSqlPersistence(options.JournalConnection!);
        }
        catch (Exception cause) when (cause is DbException or IOException or UnauthorizedAccessException or IncompatibleSchemaException or TimeoutException)
        {
            throw new JournalUnavailableException(options.JournalPath ?? "PostgreSQL", cause);
        }
        catch (ArgumentException unreadable)
        {
            throw new BadNodeOptionsException([$"JournalConnection: {unreadable.Message}"]);
        }
    }
}
