namespace Cluster.Messages.DataPlane.Sockets;

/// <summary>Looks after a connection's waits, by the clock that it is given: who waits longer than a deadline has its connection ended.</summary>
internal sealed class Watch
{
    private const int Lanes = 2;
    private readonly TimeProvider _time;
    private readonly Action<string> _late;
    private readonly Action _tick;
    private readonly ITimer _timer;
    private readonly long[] _until = new long[Lanes];
    private readonly string[] _what = new string[Lanes];

    /// <param name="time">The clock.</param>
    /// <param name="period">How often it looks.</param>
    /// <param name="late">Told what was waited for in vain.</param>
    /// <param name="tick">Called whenever it has looked.</param>
    public Watch(TimeProvider time, TimeSpan period, Action<string> late, Action tick)
    {
        (_time, _late, _tick) = (time, late, tick);
        _timer = time.CreateTimer(_ => Look(), null, period, period);
    }

    /// <summary>Begins a wait; one at a time in a lane: 0 reads, 1 writes.</summary>
    public void Begin(int lane, string what, TimeSpan deadline)
    {
        _what[lane] = what;
        Volatile.Write(ref _until[lane], _time.GetTimestamp() + (long)(deadline.TotalSeconds * _time.TimestampFrequency));
    }

    /// <summary>It came.</summary>
    public void End(int lane) => Volatile.Write(ref _until[lane], 0);

    /// <summary>Looks no longer.</summary>
    public void Stop() => _timer.Dispose();

    private void Look()
    {
        long now = _time.GetTimestamp();
        for (int lane = 0; lane < Lanes; lane++)
        {
            if (Volatile.Read(ref _until[lane]) is not 0 and var until && until < now) _late($"waited too long for {_what[lane]}");
        }
        _tick();
    }
}
