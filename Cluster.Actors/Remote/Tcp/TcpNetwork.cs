using System.Net;
using System.Net.Sockets;

namespace Cluster.Actors;

/// <summary>
/// The network of nodes in several processes, over TCP. It serves all nodes of its process, each at its own port: among themselves
/// they talk by reference, with others through frames. What the engine says itself has a connection of its own, so that no
/// bulk delays a heartbeat.
/// </summary>
/// <param name="settings">Keys, certificates, limits.</param>
/// <param name="time">The clock of deadlines and pauses.</param>
public sealed class TcpNetwork(TcpSettings? settings = null, TimeProvider? time = null) : NodeNetwork, IDisposable
{
    private const int Backlog = 256;
    private readonly TcpSettings _settings = Validated(settings ?? new TcpSettings());
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<(string Host, int Port), Socket> _reserved = new();
    private readonly ConcurrentDictionary<Address, TcpNode> _nodes = new();
    private readonly ConcurrentDictionary<INodeEndpoint, Task> _ending = new();

    /// <summary>What it has done since it began.</summary>
    public NetworkCounters Counters { get; } = new();

    /// <summary>Takes a port for a node that will be registered under the same host and port.</summary>
    /// <param name="host">The name or IPv4 address under which others reach the node; it must be this machine's.</param>
    /// <param name="port">0 for any free one.</param>
    /// <returns>The port.</returns>
    /// <exception cref="SocketException">The host is unknown or not this machine's, or the port is taken.</exception>
    /// <exception cref="InvalidOperationException">Others could reach the node, and nothing would keep strangers out.</exception>
    public int Reserve(string host, int port)
    {
        if (_reserved.ContainsKey((host, port))) return port;
        IPAddress ip = IPAddress.TryParse(host, out IPAddress? known) ? known : Dns.GetHostAddresses(host, AddressFamily.InterNetwork)[0];
        if (!IPAddress.IsLoopback(ip) && !_settings.HasKey && _settings.Tls is null)
            throw new InvalidOperationException($"TcpNetwork: wanted a shared key or TLS where other machines reach the node, got neither for {host} ({ip}); give one, or listen on 127.0.0.1.");
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(ip, port));
            listener.Listen(Backlog);
            int bound = ((IPEndPoint)listener.LocalEndPoint!).Port;
            _reserved[(host, bound)] = listener;
            return bound;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    public override void Register(INodeEndpoint node)
    {
        (string host, int port) = (node.Address.Host!, node.Address.Port ?? 0);
        if (!_reserved.ContainsKey((host, port))) Reserve(host, port);
        if (!_reserved.TryRemove((host, port), out Socket? listener))
            throw new InvalidOperationException($"TcpNetwork: wanted a port of 1 to 65535, got {node.Address}; reserve a free one.");
        TcpNode started = new(node, listener, _settings, Counters, _time);
        _nodes[node.Address] = started;
        started.Start();
    }

    public override void Unregister(INodeEndpoint node)
    {
        if (_nodes.TryGetValue(node.Address, out TcpNode? known) && known.Endpoint == node && _nodes.TryRemove(KeyValuePair.Create(node.Address, known)))
            _ending[node] = known.DisposeAsync().AsTask();
    }

    public override Task Flush(INodeEndpoint node) => _ending.TryRemove(node, out Task? ending) ? ending : Task.CompletedTask;

    public override void Send(NodeEnvelope envelope)
    {
        if (_nodes.TryGetValue(envelope.To, out TcpNode? neighbour)) neighbour.Endpoint.Receive(envelope);
        else if (_nodes.TryGetValue(envelope.From, out TcpNode? sender)) sender.Send(envelope);
    }

    /// <summary>Gives up ports that were reserved and never used.</summary>
    public void Dispose()
    {
        foreach (Socket listener in _reserved.Values) listener.Dispose();
        _reserved.Clear();
    }

    private static TcpSettings Validated(TcpSettings settings)
    {
        settings.Validate();
        return settings;
    }
}
