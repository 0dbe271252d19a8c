using System.Buffers;
using System.Net.Sockets;
using System.Runtime.Serialization;
using System.Security.Authentication;
using System.Threading.Channels;

namespace Cluster.Actors;

/// <summary>
/// One connection to another node, made when there is something to say, and the queue before it. What waits when a connection
/// cannot be made is dropped; what was handed to a connection that broke is never sent again: at most once, in order.
/// </summary>
internal sealed class OutboundLane(TcpNode node, Address to, Lane lane)
{
    /// <summary>Frames that wait at most, however small they are.</summary>
    private const int FramesMax = 64 * 1024;

    /// <summary>Frames are gathered up to so many bytes before they are written; longer ones are written as they are.</summary>
    private const int BatchBytes = 64 * 1024;

    private readonly Channel<OutgoingFrame> _queue = Channel.CreateUnbounded<OutgoingFrame>(new UnboundedChannelOptions { SingleReader = true });
    private byte[] _batch = []; // of the shared pool, while something is written: most lanes are silent most of the time
    private int _batched;
    private long _queuedBytes;
    private int _queuedFrames;
    private int _running;
    private int _failures;

    /// <summary>Completes when nothing waits and no connection is open.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Queues the frame, which belongs to the lane from now on; false where it does not fit.</summary>
    public bool TrySend(OutgoingFrame frame)
    {
        if (Interlocked.Add(ref _queuedBytes, frame.Length) > node.Settings.QueueBytesMax || Interlocked.Increment(ref _queuedFrames) > FramesMax)
        {
            Forget(frame);
            return false;
        }

        if (!_queue.Writer.TryWrite(frame))
        {
            Forget(frame);
            node.Counters.CountDropped();
            return true; // the node is ending, or this lane was given up a moment ago
        }

        if (Interlocked.CompareExchange(ref _running, 1, 0) == 0) Completion = RunAsync();
        return true;
    }

    /// <summary>Takes no more; what waits is still sent.</summary>
    public void Close() => _queue.Writer.TryComplete();

    private void Forget(OutgoingFrame frame)
    {
        Interlocked.Add(ref _queuedBytes, -frame.Length);
        Interlocked.Decrement(ref _queuedFrames);
        frame.Dispose();
    }

    private async Task RunAsync()
    {
        // The sender, an actor, must not dial.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (await IsWantedAsync().ConfigureAwait(false)) await SendOnceConnectedAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (node.Stopping.IsCancellationRequested)
        {
            DropWaiting();
        }
    }

    private async Task SendOnceConnectedAsync()
    {
        try
        {
            if (await TryConnectAsync().ConfigureAwait(false) is not { } connection)
            {
                DropWaiting();
                return;
            }

            using (connection) await SendWhileOpen(connection).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever becomes of one connection, the lane lives: without it this node would never be heard there again.
        catch (Exception fault) when (fault is not OperationCanceledException || !node.Stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _failures++;
            node.Log.Error(fault, "{0} ({1}): the connection failed; it is tried again", to, lane);
            DropWaiting();
        }
    }

    /// <summary>Waits without a connection for something to say. Where nothing comes for long the node has gone for good, and its lane goes too.</summary>
    private async ValueTask<bool> IsWantedAsync()
    {
        if (_queue.Reader.TryPeek(out _)) return true;
        using CancellationTokenSource patience = new(node.Settings.IdleTimeout, node.Time);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(node.Stopping, patience.Token);
        try
        {
            return await _queue.Reader.WaitToReadAsync(ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!node.Stopping.IsCancellationRequested)
        {
            node.Forget(to, lane, this);
            Close();
            return _queue.Reader.TryPeek(out _);
        }
    }

    private async Task<TrustedConnection?> TryConnectAsync()
    {
        if (_failures > 0) await Task.Delay(Pause(), node.Time, node.Stopping).ConfigureAwait(false);
        try
        {
            TrustedConnection connection = await node.Connector.ConnectAsync(new Introduction(node.Self, to, lane), node.Stopping).ConfigureAwait(false);
            if (_failures > 0) node.Log.Info("{0} ({1}): connected after {2} tries", to, lane, _failures + 1);
            _failures = 0;
            return connection;
        }
        catch (RefusedException refused)
        {
            if (_failures++ == 0) node.Log.Error("{0} refused this node: {1}", to, refused.Message);
            node.Endpoint.Refused(to, refused.Message);
            return null;
        }
        catch (Exception fault) when (fault is IOException or SocketException or AuthenticationException or SerializationException or OperationCanceledException && !node.Stopping.IsCancellationRequested)
        {
            if (_failures++ == 0) node.Log.Info("{0} ({1}): wanted a connection, got: {2}; it is tried again", to, lane, Describe(fault));
            if (lane == Lane.Control && fault is SocketException { SocketErrorCode: SocketError.ConnectionRefused }) node.Endpoint.Unreachable(to);
            return null;
        }
    }

    private async Task SendWhileOpen(TrustedConnection connection)
    {
        using CancellationTokenSource broken = CancellationTokenSource.CreateLinkedTokenSource(node.Stopping);
        using CancellationTokenSource stalled = new(Timeout.InfiniteTimeSpan, node.Time);
        using CancellationTokenRegistration end = stalled.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), broken);
        Task watching = WatchAsync(connection.Stream, broken);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(broken.Token).ConfigureAwait(false))
            {
                stalled.CancelAfter(node.Settings.StallTimeout);
                await WriteWaiting(connection.Stream, broken.Token).ConfigureAwait(false);
                stalled.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            if (!node.Stopping.IsCancellationRequested)
                node.Log.Info("{0} ({1}): the connection ended: {2}", to, lane, stalled.IsCancellationRequested ? $"nothing was taken for {node.Settings.StallTimeout}" : fault is OperationCanceledException ? "the other side closed it" : fault.Message);
        }
        finally
        {
            _batched = 0;
            await broken.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    /// <summary>Small frames are gathered into one write; long ones go straight from their buffer.</summary>
    private async ValueTask WriteWaiting(Stream stream, CancellationToken cancelled)
    {
        _batch = ArrayPool<byte>.Shared.Rent(BatchBytes);
        try
        {
            await WriteAllAsync(stream, cancelled).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_batch);
            _batch = [];
        }
    }

    private async ValueTask WriteAllAsync(Stream stream, CancellationToken cancelled)
    {
        while (_queue.Reader.TryRead(out OutgoingFrame? frame))
        {
            try
            {
                if (_batched + frame.Length > BatchBytes) await FlushAsync(stream, cancelled).ConfigureAwait(false);
                if (frame.Length > BatchBytes)
                {
                    await stream.WriteAsync(frame.Bytes, cancelled).ConfigureAwait(false);
                }
                else
                {
                    frame.Bytes.Span.CopyTo(_batch.AsSpan(_batched));
                    _batched += frame.Length;
                }

                node.Counters.CountSent();
            }
            finally
            {
                Forget(frame);
            }
        }

        await FlushAsync(stream, cancelled).ConfigureAwait(false);
    }

    private async ValueTask FlushAsync(Stream stream, CancellationToken cancelled)
    {
        if (_batched == 0) return;
        int bytes = _batched;
        _batched = 0;
        await stream.WriteAsync(_batch.AsMemory(0, bytes), cancelled).ConfigureAwait(false);
    }

    /// <summary>The other side never says anything here: whatever is read is the end of the connection, noticed before more is lost on it.</summary>
    private static async Task WatchAsync(Stream stream, CancellationTokenSource broken)
    {
        try
        {
            await stream.ReadAsync(new byte[1], broken.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It is over in any case.
        }

        await broken.CancelAsync().ConfigureAwait(false);
    }

    private void DropWaiting()
    {
        while (_queue.Reader.TryRead(out OutgoingFrame? frame))
        {
            Forget(frame);
            node.Counters.CountDropped();
        }
    }

    private TimeSpan Pause()
    {
        TimeSpan pause = node.Settings.ReconnectPause * Math.Pow(2, Math.Min(_failures - 1, 16));
        return pause < node.Settings.ReconnectPauseMax ? pause : node.Settings.ReconnectPauseMax;
    }

    private static string Describe(Exception fault) => fault is OperationCanceledException ? "no answer in time" : fault.Message;
}
