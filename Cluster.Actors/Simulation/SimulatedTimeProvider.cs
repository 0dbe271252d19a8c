namespace Cluster.Actors.Simulation;

/// <summary>The clock of one life of a node: virtual time, and timers that die with the node.</summary>
internal sealed class SimulatedTimeProvider(SimulatedCluster cluster, NodeLife life) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => SimulatedCluster.Epoch.AddTicks(cluster.Ticks);

    public override long GetTimestamp() => cluster.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        SimulatedTimer timer = new(cluster, life, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}

internal sealed class SimulatedTimer(SimulatedCluster cluster, NodeLife life, TimerCallback callback, object? state) : ITimer
{
    private int _generation;
    private TimeSpan _period;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _generation++;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
            Arm(dueTime);
        return true;
    }

    public void Dispose() => _generation++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire(int generation)
    {
        if (generation != _generation || !life.Alive)
            return;
        if (life.Held is { } held)
        {
            held.Add(new SimulatedEvent(this, generation));
            return;
        }

        if (_period > TimeSpan.Zero)
            Arm(_period);
        cluster.RunAs(life, callback, state);
    }

    private void Arm(TimeSpan due) => cluster.Enqueue(due < TimeSpan.Zero ? TimeSpan.Zero : due, new SimulatedEvent(this, _generation));
}

/// <summary>Something that happens at a virtual time: a timer, a delivery, or an action of the test.</summary>
internal readonly struct SimulatedEvent
{
    private readonly object _subject;
    private readonly int _generation;

    internal SimulatedEvent(SimulatedTimer timer, int generation)
    {
        _subject = timer;
        _generation = generation;
    }

    internal SimulatedEvent(SimulatedDelivery delivery)
    {
        _subject = delivery;
        _generation = 0;
    }

    internal SimulatedEvent(Action action)
    {
        _subject = action;
        _generation = 0;
    }

    internal void Happen(SimulatedCluster cluster)
    {
        switch (_subject)
        {
            case SimulatedTimer timer:
                timer.Fire(_generation);
                break;
            case SimulatedDelivery delivery:
                cluster.Deliver(delivery);
                break;
            default:
                ((Action)_subject)();
                break;
        }
    }
}
