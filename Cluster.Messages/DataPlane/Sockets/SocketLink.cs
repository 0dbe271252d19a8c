using System.Net.Sockets;
using System.Security.Authentication;
using Cluster.Messages.Trust;

namespace Cluster.Messages.DataPlane.Sockets;

/// <summary>One connection: a thread that makes it and then reads, and one that writes. Whatever ends one ends both, once, with a reason.</summary>
internal abstract class SocketLink
{
    private const int Reading = 0, Writing = 1;
    private const int StackBytes = 512 * 1024;
    private readonly Lock _gate = new();
    private readonly object _signal = new();
    private readonly byte[] _sent = new byte[FrameHeader.Bytes];
    private readonly DataPlaneOptions _options;
    private readonly TimeProvider _time;
    private readonly Watch _watch;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _reason;
    private long _lastWritten;
    private int _isWriting;
    private bool _isMissed;
    private bool _hasWork;
    private bool _isTrusted;

    protected SocketLink(Socket socket, NodeTrust? trust, DataPlaneOptions options, TimeProvider time)
    {
        (Channel, Trust, _options, _time) = (new SocketChannel(socket), trust, options, time);
        TimeSpan period = new[] { options.HandshakeDeadline, options.StallDeadline, options.IdleDeadline }.Min() / 6;
        _watch = new Watch(time, period, End, OnTick);
    }

    /// <summary>Completed when both threads have ended and the link reads and writes no vector any more.</summary>
    public Task Over => _over.Task;

    protected SocketChannel Channel { get; }

    protected NodeTrust? Trust { get; }

    protected bool HasEnded => Volatile.Read(ref _reason) is not null;

    public void Start(string name) => new Thread(Run, StackBytes) { IsBackground = true, Name = name }.Start();

    /// <summary>Ends the connection; the first reason stays.</summary>
    public void End(string reason)
    {
        lock (_gate)
        {
            if (_reason is not null) return;
            _reason = reason;
        }
        Channel.Shut();
        Signal();
    }

    /// <summary>Writes what waits, on this thread if it may, no other thread writes, and it would not block without its consent.</summary>
    public void Offer(bool mayWrite)
    {
        if (!mayWrite || !Volatile.Read(ref _isTrusted) || !TryEnter())
        {
            Signal();
            return;
        }
        Guard(() =>
        {
            bool can;
            while ((can = CanWriteAtOnce) && !HasEnded && TryWrite())
            {
            }
            // What it leaves lying is for the thread that may wait.
            if (!can) Volatile.Write(ref _isMissed, true);
        });
        Leave();
    }

    /// <summary>There may be something to write.</summary>
    public void Signal()
    {
        lock (_signal)
        {
            _hasWork = true;
            Monitor.Pulse(_signal);
        }
    }

    /// <summary>Whether a thread that is not the link's own can write without a wait that it has not agreed to.</summary>
    protected abstract bool CanWriteAtOnce { get; }

    /// <summary>Connects, proves and checks who is who.</summary>
    protected abstract void Introduce();

    /// <summary>Reads the next frame behind its header.</summary>
    protected abstract void OnHeader(in FrameHeader header);

    /// <summary>Writes one frame, if there is one.</summary>
    protected abstract bool TryWrite();

    /// <summary>Says nothing for a while: the other side is to know that this one lives.</summary>
    protected abstract void OnQuiet();

    /// <summary>Both threads have ended.</summary>
    protected abstract void OnOver(string reason);

    protected void ReadNumbers(Memory<byte> to)
    {
        _watch.Begin(Reading, "a frame's numbers", _options.StallDeadline);
        Channel.ReadExactly(to);
        _watch.End(Reading);
    }

    protected void WriteFrame(in FrameHeader header, ReadOnlyMemory<byte> numbers)
    {
        header.Write(_sent);
        _watch.Begin(Writing, "a frame to be taken", _options.StallDeadline);
        Channel.Write(_sent, numbers);
        _watch.End(Writing);
        _lastWritten = _time.GetTimestamp();
    }

    private void Run()
    {
        Thread? writer = null;
        Guard(() =>
        {
            _watch.Begin(Reading, "a handshake", _options.HandshakeDeadline);
            Introduce();
            _lastWritten = _time.GetTimestamp();
            _isTrusted = true;
            writer = new Thread(() => Guard(WriteAll), StackBytes) { IsBackground = true, Name = Thread.CurrentThread.Name + ", writes" };
            writer.Start();
            ReadAll();
        });
        writer?.Join();
        WaitForWriters();
        _watch.Stop();
        Channel.Dispose();
        OnOver(_reason!);
        _over.TrySetResult();
    }

    private void ReadAll()
    {
        byte[] header = new byte[FrameHeader.Bytes];
        while (!HasEnded)
        {
            _watch.Begin(Reading, "a frame", _options.IdleDeadline);
            Channel.ReadExactly(header);
            _watch.End(Reading);
            OnHeader(FrameHeader.Read(header));
        }
    }

    private void WriteAll()
    {
        while (!HasEnded)
        {
            if (TryEnter())
            {
                bool wrote = false;
                try
                {
                    wrote = TryWrite();
                }
                finally
                {
                    Leave();
                }
                if (wrote) continue;
            }
            lock (_signal)
            {
                while (!_hasWork) Monitor.Wait(_signal);
                _hasWork = false;
            }
        }
    }

    // One thread writes at a time. Whoever comes while another is at it leaves a mark, which that one finds when it leaves.
    private bool TryEnter()
    {
        if (Interlocked.CompareExchange(ref _isWriting, 1, 0) == 0) return true;
        Volatile.Write(ref _isMissed, true);
        return Interlocked.CompareExchange(ref _isWriting, 1, 0) == 0;
    }

    private void Leave()
    {
        Volatile.Write(ref _isWriting, 0);
        if (Interlocked.Exchange(ref _isMissed, false)) Signal();
    }

    // A thread that is writing finds the connection shut and leaves; none enters after this.
    private void WaitForWriters()
    {
        while (!TryEnter())
        {
            lock (_signal)
            {
                while (!_hasWork) Monitor.Wait(_signal);
                _hasWork = false;
            }
        }
    }

    private void OnTick()
    {
        if (!Volatile.Read(ref _isTrusted) || _time.GetElapsedTime(Volatile.Read(ref _lastWritten)) < _options.IdleDeadline / 3) return;
        OnQuiet();
        Signal();
    }

    private void Guard(Action run)
    {
        try
        {
            run();
        }
        catch (Exception failure) when (failure is IOException or SocketException or AuthenticationException or BrokenFrameException or ObjectDisposedException or InvalidOperationException)
        {
            End(failure.Message);
        }
    }
}
