using System.Net.Sockets;
using System.Runtime.Serialization;
using System.Security.Authentication;

namespace Cluster.Actors;

/// <summary>One node of this process on the wire: it listens, takes connections from others, and has two lanes to each of them.</summary>
internal sealed class TcpNode(INodeEndpoint endpoint, Socket listener, TcpSettings settings, NetworkCounters counters, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_acceptPause = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<(Address To, Lane Lane), OutboundLane> _lanes = new();
    private readonly Dictionary<(UniqueAddress From, Lane Lane), InboundConnection> _inbound = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private int _unauthenticated;

    public INodeEndpoint Endpoint => endpoint;

    public UniqueAddress Self { get; } = new(endpoint.Address, endpoint.Uid);

    public TcpSettings Settings => settings;

    public NetworkCounters Counters => counters;

    public TimeProvider Time => time;

    public Connector Connector { get; } = new(settings, time);

    public ILoggingAdapter Log { get; } = Logging.GetLogger(endpoint.Serialization.System, typeof(TcpNetwork));

    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Begins to take connections.</summary>
    public void Start() => _ = ListenAsync();

    public void Send(NodeEnvelope envelope)
    {
        OutgoingFrame? frame = null;
        string? fault = null;
        try
        {
            frame = FrameFormat.TryWrite(envelope, endpoint.Serialization);
            if (frame is null) fault = "no serializer is for it; register one";
        }
#pragma warning disable CA1031 // Whatever a serializer throws is its author's error, which must not fail the sender.
        catch (Exception cause)
#pragma warning restore CA1031
        {
            fault = cause.Message;
        }

        if (frame is null)
        {
            Log.Error("{0} to {1} cannot be sent: {2}", envelope.Message.GetType(), envelope.Recipient, fault);
            return;
        }

        Lane lane = envelope.Message is IControlMessage ? Lane.Control : Lane.Ordinary;
        OutboundLane way = _lanes.GetOrAdd((envelope.To, lane), static (key, node) => new OutboundLane(node, key.To, key.Lane), this);
        if (!way.TrySend(frame) && counters.CountDropped())
            Log.Warning("{0} ({1}): more waits than may; messages are dropped ({2} so far)", envelope.To, lane, counters.Dropped);
    }

    /// <summary>The lane has had nothing to say for long: the next message makes another.</summary>
    public void Forget(Address to, Lane lane, OutboundLane idle) => _lanes.TryRemove(KeyValuePair.Create((to, lane), idle));

    /// <summary>Ends: takes nothing more, gives what waits a moment to leave.</summary>
    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        foreach (OutboundLane lane in _lanes.Values) lane.Close();
        lock (_gate)
        {
            foreach (InboundConnection inbound in _inbound.Values) inbound.End();
        }

        try
        {
            await Task.WhenAll(_lanes.Values.Select(lane => lane.Completion)).WaitAsync(settings.FlushTimeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Whoever does not take the last words will notice the silence.
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    private async Task ListenAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket socket = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                _ = TakeAsync(socket);
            }
            catch (Exception fault) when (fault is ObjectDisposedException or OperationCanceledException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException fault)
            {
                // Such as no free file handle: others may be closed in a moment.
                Log.Warning("{0}: wanted to take a connection, got: {1}", endpoint.Address, fault.Message);
                await Task.Delay(s_acceptPause, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task TakeAsync(Socket socket)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        TrustedConnection? connection = null;
        try
        {
            if (Interlocked.Increment(ref _unauthenticated) <= settings.UnauthenticatedMax) connection = await TryAuthenticateAsync(socket).ConfigureAwait(false);
            else
            {
                socket.Dispose();
                if (counters.CountRefused()) Log.Warning("more than {0} connections have not proved anything yet; further ones are closed", settings.UnauthenticatedMax);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _unauthenticated);
        }

        if (connection is not null) await ServeAsync(new InboundConnection(this, connection)).ConfigureAwait(false);
    }

    private async Task<TrustedConnection?> TryAuthenticateAsync(Socket socket)
    {
        string from = $"{socket.RemoteEndPoint}";
        try
        {
            return await Connector.AcceptAsync(socket, Self, Stopping).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or SocketException or AuthenticationException or SerializationException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            if (!Stopping.IsCancellationRequested && counters.CountRefused())
                Log.Warning("{0} was refused: {1} ({2} so far)", from, fault is OperationCanceledException ? "it said nothing in time" : fault.Message, counters.Refused);
            return null;
        }
    }

    /// <summary>A new connection takes the place of an older one of the same node once that has delivered all it had, so order is kept.</summary>
    private async Task ServeAsync(InboundConnection connection)
    {
        (UniqueAddress, Lane) key = (connection.Introduction.From, connection.Introduction.Lane);
        InboundConnection? before;
        lock (_gate)
        {
            _inbound.TryGetValue(key, out before);
            _inbound[key] = connection;
        }

        if (before is not null)
        {
            before.End();
            await before.Completion.ConfigureAwait(false);
        }

        await connection.RunAsync().ConfigureAwait(false);
        lock (_gate)
        {
            if (_inbound.TryGetValue(key, out InboundConnection? current) && current == connection) _inbound.Remove(key);
        }
    }
}
