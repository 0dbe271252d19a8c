using System.Collections.Concurrent;
using System.Data.Common;
using System.Net.Sockets;
using Cluster.Actors.Persistence.Storage;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Trust;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Node;

/// <summary>What a node is given from outside: the network that it shares with others of its process, clock, threads, log.</summary>
public sealed class NodeEnvironment
{
    private const string LocalHost = "127.0.0.1";
    private readonly EmbeddedSetup _setup;
    private readonly ConcurrentDictionary<Address, bool> _here = new();
    private NodeTrust? _trust;
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

    /// <summary>
    /// Where nodes listen for numbers alone if their own network has no sockets, as of nodes that turn messages into bytes in one process; null for
    /// nowhere, as in a simulation: a message with more numbers than fit within it then reaches no other node.
    /// </summary>
    public string? DataHost { get; init; }

    /// <summary>Whether a journal is among the given parts.</summary>
    public bool HasJournal => _setup.Get<PersistenceSetup>() is not null;

    /// <summary>For a cluster in one process: its nodes reach each other without sockets.</summary>
    /// <param name="serialize">Whether messages are turned into bytes and back, as between processes; by reference otherwise.</param>
    /// <param name="log">Where log lines go; null for nowhere but the event stream. Called by one thread at a time for each node.</param>
    /// <param name="logLevel">The least important lines that are still written.</param>
    public static NodeEnvironment InProcess(bool serialize = false, Action<LogEvent>? log = null, LogLevel logLevel = LogLevel.InfoLevel) =>
        new(new EmbeddedSetup { Network = new InProcessNetwork(serialize) }) { LogWriter = log, LogLevel = logLevel, DataHost = serialize ? LocalHost : null };

    /// <summary>For a cluster of several processes: nodes of this one talk by reference, others through TCP.</summary>
    /// <param name="options">Whose key and certificates are used, for all nodes of the environment.</param>
    /// <param name="log">Where log lines go; null for nowhere but the event stream. Called by one thread at a time for each node.</param>
    /// <param name="logLevel">The least important lines that are still written.</param>
    /// <exception cref="BadNodeOptionsException">A key or a certificate cannot be read.</exception>
    public static NodeEnvironment Tcp(NodeOptions options, Action<LogEvent>? log = null, LogLevel logLevel = LogLevel.InfoLevel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(new EmbeddedSetup { Network = new TcpNetwork(NodeSecurity.Read(options)) }) { LogWriter = log, LogLevel = logLevel, _trust = TrustFiles.Read(options) };
    }

    /// <summary>An address for another node of this process.</summary>
    public NodeAddress NextAddress() => new(LocalHost, _setup.Network is TcpNetwork tcp ? tcp.Reserve(LocalHost, 0) : Interlocked.Increment(ref _lastPort));

    internal NodeHost HostOf(NodeOptions options, MessageCodecs codecs, Action<AkkaConfigurationBuilder>? actors) => new(StartSystem(options, codecs), actors);

    private ActorSystem StartSystem(NodeOptions options, MessageCodecs codecs)
    {
        NodeAddress address = FreeAddress(options.Address);
        EmbeddedSetup setup = _setup with
        {
            Host = address.Host,
            Port = address.Port,
            LogLevel = LogLevel,
            LogWriter = LogWriter ?? _setup.LogWriter,
            Serializers = system => [Serializer(system, codecs), .. _setup.Serializers(system)],
        };
        setup = setup.With(Membership(options));
        return ActorSystem.Create(options.SystemName, options.HasJournal ? setup.With(new PersistenceSetup(Open(options))) : setup);
    }

    /// <summary>Opens the node's data plane, where messages to other nodes become bytes.</summary>
    internal void OpenDataPlane(ClusterNode node)
    {
        Address self = node.Membership.SelfAddress;
        if (_setup.Network is TcpNetwork)
        {
            _here[self] = true;
            NodeDataPlane.Open(node.System, node.Address, node.Options.DataPort, _trust, _here.ContainsKey);
        }
        else if (DataHost is not null)
        {
            NodeDataPlane.Open(node.System, node.Address with { Host = DataHost }, node.Options.DataPort, _trust, self.Equals);
        }
    }

    private ClusterSettings Membership(NodeOptions options)
    {
        ClusterSettings given = _setup.Get<ClusterSettings>() ?? (_setup.Network is TcpNetwork ? BetweenProcesses(options) : new ClusterSettings());
        return given with
        {
            Roles = options.Roles,
            HeartbeatInterval = options.HeartbeatInterval,
            AcceptablePause = options.AcceptablePause,
            SuspicionThreshold = options.SuspicionThreshold,
            Downing = given.Downing with { StableAfter = options.DownAfter, RemovalMargin = options.DownAfter / 3, Role = options.SplitRole ?? given.Downing.Role },
        };
    }

    /// <summary>
    /// A seed that was restarted must find the cluster that misses it: it listens until members have tried to connect again and
    /// their heartbeats have come, and gives other seeds time to start before it founds a cluster.
    /// </summary>
    private static ClusterSettings BetweenProcesses(NodeOptions options) => new()
    {
        FoundingPatience = (2 * options.HeartbeatInterval) + TimeSpan.FromSeconds(1),
        SeedNodeTimeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>The address, with a free port where it names none, held until the node listens there.</summary>
    private NodeAddress FreeAddress(NodeAddress wanted)
    {
        if (_setup.Network is not TcpNetwork tcp)
            return wanted.Port == 0 ? NextAddress() with { Host = wanted.Host } : wanted;
        try
        {
            return wanted with { Port = tcp.Reserve(wanted.Host, wanted.Port) };
        }
        catch (SocketException error)
        {
            throw new IOException($"Address: wanted one to listen at, got {wanted}: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            throw new BadNodeOptionsException([$"Address: {error.Message}"]);
        }
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
