using System.Net;
using System.Net.Sockets;
using Cluster.Messages.DataPlane;
using Cluster.Messages.Trust;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Node;

/// <summary>What a node is given from outside: compute pool and log. Nodes reach each other through sockets, in one process, too.</summary>
public sealed class NodeEnvironment
{
    private readonly IPAddress _host = IPAddress.Loopback;
    private NodeTrust? _trust;

    /// <summary>An environment of given parts.</summary>
    /// <param name="compute">Where long computations run; null for a pool of the node's own.</param>
    public NodeEnvironment(IComputePool? compute = null) => Compute = compute;

    /// <summary>Where long computations run; null for a pool of the node's own.</summary>
    public IComputePool? Compute { get; }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; } = TimeProvider.System;

    /// <summary>The least important log lines that are still written. Default: information.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.InfoLevel;

    /// <summary>Where log lines go; null for nowhere but the event stream. Called by one thread at a time for each node.</summary>
    public Action<LogEvent>? LogWriter { get; init; }

    /// <summary>For a cluster in one process: its nodes reach each other through the loopback address.</summary>
    /// <param name="log">Where log lines go; null for nowhere but the event stream. Called by one thread at a time for each node.</param>
    /// <param name="logLevel">The least important lines that are still written.</param>
    public static NodeEnvironment InProcess(Action<LogEvent>? log = null, LogLevel logLevel = LogLevel.InfoLevel) =>
        new() { LogWriter = log, LogLevel = logLevel };

    /// <summary>For a cluster of several processes: its nodes reach each other through TCP, with mutual TLS if there is a key or an authority.</summary>
    /// <param name="options">Whose key and certificates are used, for all nodes of the environment.</param>
    /// <param name="log">Where log lines go; null for nowhere but the event stream. Called by one thread at a time for each node.</param>
    /// <param name="logLevel">The least important lines that are still written.</param>
    /// <exception cref="BadNodeOptionsException">A key or a certificate cannot be read.</exception>
    public static NodeEnvironment Tcp(NodeOptions options, Action<LogEvent>? log = null, LogLevel logLevel = LogLevel.InfoLevel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new() { LogWriter = log, LogLevel = logLevel, _trust = TrustFiles.Read(options) };
    }

    /// <summary>An address for another node of this process: a port that is free now.</summary>
    public NodeAddress NextAddress()
    {
        using var listener = new TcpListener(_host, 0);
        listener.Start();
        return new NodeAddress(_host.ToString(), ((IPEndPoint)listener.LocalEndpoint).Port);
    }

    internal NodeHost HostOf(NodeOptions options, MessageCodecs codecs, Action<AkkaConfigurationBuilder>? actors)
    {
        if (!options.Alone) NodeSecurity.RequireOwn(options.Address, _trust);
        JournalProbe.Open(options);
        NodeHost host = new(options, codecs, LogLevel, _trust, actors);
        if (LogWriter is { } writer)
            host.System.EventStream.Subscribe(host.System.ActorOf(Props.Create(() => new LogWriterActor(writer, LogLevel)), "log"), typeof(LogEvent));
        return host;
    }

    /// <summary>Opens the node's data plane: nodes of one process reach each other through it, too. A node alone needs none.</summary>
    internal void OpenDataPlane(ClusterNode node)
    {
        if (node.Options.Alone) return;
        NodeDataPlane.Open(node.System, node.Address, node.Options.DataPort, _trust, address => address.HasLocalScope || address.Equals(node.Membership.SelfAddress));
    }

    private sealed class LogWriterActor : ReceiveActor
    {
        public LogWriterActor(Action<LogEvent> write, LogLevel least) => Receive<LogEvent>(line =>
        {
            if (line.LogLevel() >= least) write(line);
        });
    }
}
