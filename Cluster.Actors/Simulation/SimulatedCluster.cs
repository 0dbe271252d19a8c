namespace Cluster.Actors.Simulation;

/// <summary>
/// Actor systems on one thread, in virtual time, on a network that fails as told. All chance comes from one seed: the
/// same seed and the same calls give the same run, which <see cref="TraceHash"/> proves.
/// </summary>
public sealed partial class SimulatedCluster : IMessageTrace
{
    internal static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<SimulatedNode> _nodes = [];
    private readonly List<(NodeLife Life, IThreadPoolWorkItem Mailbox)> _ready = [];
    private readonly PriorityQueue<SimulatedEvent, EventTime> _events = new(EventTime.Order);
    private readonly Dictionary<string, object> _durable = new(StringComparer.Ordinal);
    private long _sequence;
    private int _stepsAtInstant;

    public SimulatedCluster(int seed, SimulatedFaults? faults = null)
    {
        Seed = seed;
        Chance = new SimulatedChance(unchecked((ulong)seed * 0x9E3779B97F4A7C15UL) + 1);
        Faults = faults ?? SimulatedFaults.None;
    }

    public int Seed { get; }

    /// <summary>How many steps one instant of virtual time may take before the run counts as stuck.</summary>
    public int StepsPerInstantMax { get; init; } = 1_000_000;

    /// <summary>What the network does from now on.</summary>
    public SimulatedFaults Faults { get; set; }

    /// <summary>The run's source of chance, for the test's own decisions.</summary>
    public SimulatedChance Chance { get; }

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Ticks);

    public DateTimeOffset Now => Epoch.AddTicks(Ticks);

    /// <summary>Mailbox runs that are due and events that are to come.</summary>
    public int Pending => _ready.Count + _events.Count;

    /// <summary>How many messages actors have been given.</summary>
    public long Delivered { get; private set; }

    /// <summary>The hash of (time, sender, recipient, type) of all messages that actors have been given, in order.</summary>
    public ulong TraceHash { get; private set; } = 14695981039346656037UL;

    /// <summary>Is told of each message that an actor is given; for finding out what a failing seed did.</summary>
    public Action<TimeSpan, ActorPath, ActorPath?, object>? OnDelivered { get; set; }

    public int Crashes { get; private set; }

    public int Restarts { get; private set; }

    public int Pauses { get; private set; }

    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    internal long Ticks { get; private set; }

    /// <summary>Whose code runs now; null for the test's.</summary>
    internal NodeLife? Running { get; private set; }

    public SimulatedNode this[string name] => _nodes.FirstOrDefault(node => node.Name == name)
        ?? throw new ArgumentException($"SimulatedCluster: wanted one of {string.Join(", ", _nodes.Select(node => node.Name))}, got '{name}'.", nameof(name));

    /// <summary>Starts a node. The function is called again at each restart; it creates the system with the node's Setup.</summary>
    public SimulatedNode AddNode(string name, Func<SimulatedNode, ActorSystem> start)
    {
        if (_nodes.Any(node => node.Name == name))
            throw new ArgumentException($"SimulatedCluster: wanted a new name, got '{name}', which is taken.", nameof(name));
        SimulatedNode node = new(this, name, _nodes.Count, start);
        _nodes.Add(node);
        node.Start();
        return node;
    }

    /// <summary>Something shared that survives all crashes, such as a database; made at the first call.</summary>
    public T Durable<T>(string key, Func<T> create)
        where T : class
    {
        if (!_durable.TryGetValue(key, out object? kept))
            _durable[key] = kept = create();
        return (T)kept;
    }

    /// <summary>Abandons the node: its actors never run again, its timers are dead, and nothing is sent or taken.</summary>
    public void Crash(SimulatedNode node)
    {
        node.Life.Alive = false;
        Crashes++;
    }

    /// <summary>Has the node stand still, as SIGSTOP does: nothing of it runs, and what is sent to it or falls due waits.</summary>
    public void Pause(SimulatedNode node)
    {
        node.Life.Held ??= [];
        Pauses++;
    }

    /// <summary>Lets a paused node go on, as SIGCONT does: first comes what has waited, in its order.</summary>
    public void Resume(SimulatedNode node)
    {
        List<SimulatedEvent> held = node.Life.Held ?? [];
        node.Life.Held = null;
        for (int index = 0; index < held.Count; index++) EnqueueAt(Ticks + index, held[index]);
    }

    /// <summary>Starts a crashed node again, with a new life at the same address.</summary>
    public void Restart(SimulatedNode node)
    {
        if (node.IsRunning)
            throw new InvalidOperationException($"SimulatedCluster: wanted a crashed node, got {node.Name}, which runs; crash it first.");
        node.Restart();
        Restarts++;
    }

    /// <summary>Does something of the test's at a later virtual time.</summary>
    public void Schedule(TimeSpan delay, Action action) => Enqueue(delay, new SimulatedEvent(action));

    /// <summary>Runs until the condition holds; false where the limit of virtual time comes first, or nothing is left to do.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan virtualLimit)
    {
        long end = Ticks + virtualLimit.Ticks;
        // A test runner's context would carry continuations away to its own threads.
        SynchronizationContext? outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (!condition())
            {
                if (!Step(end))
                {
                    Ticks = Math.Max(Ticks, end);
                    return condition();
                }
            }

            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Runs for that long.</summary>
    public void RunFor(TimeSpan duration) => RunUntil(static () => false, duration);

    void IMessageTrace.Delivered(ActorPath recipient, ActorPath? sender, object message)
    {
        Delivered++;
        unchecked
        {
            ulong hash = TraceHash;
            hash = (hash ^ (ulong)Ticks) * 1099511628211UL;
            hash = (hash ^ (sender is null ? 0 : Stable(sender))) * 1099511628211UL;
            hash = (hash ^ Stable(recipient)) * 1099511628211UL;
            hash = (hash ^ (uint)StableHash.Of(message.GetType().Name)) * 1099511628211UL;
            TraceHash = hash;
        }

        OnDelivered?.Invoke(Elapsed, recipient, sender, message);
    }

    internal void Ready(NodeLife life, IThreadPoolWorkItem mailbox)
    {
        if (life.Alive)
            _ready.Add((life, mailbox));
    }

    internal void Enqueue(TimeSpan delay, SimulatedEvent happening) => EnqueueAt(Ticks + delay.Ticks, happening);

    internal void RunAs(NodeLife life, Action action)
    {
        NodeLife? outer = Running;
        SynchronizationContext? context = SynchronizationContext.Current;
        Running = life;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
            Running = outer;
        }
    }

    internal void RunAs(NodeLife life, TimerCallback callback, object? state)
    {
        NodeLife? outer = Running;
        Running = life;
        try
        {
            callback(state);
        }
        finally
        {
            Running = outer;
        }
    }

    private static ulong Stable(ActorPath path) =>
        path.Uid != 0 ? (ulong)path.Uid : unchecked((uint)StableHash.Of(path.Name));

    private void EnqueueAt(long ticks, SimulatedEvent happening) =>
        _events.Enqueue(happening, new EventTime(ticks, (uint)(Chance.NextUInt64() >> 32), _sequence++));

    private bool Step(long end)
    {
        if (++_stepsAtInstant > StepsPerInstantMax)
        {
            throw new InvalidOperationException(
                $"SimulatedCluster (seed {Seed}): wanted time to pass, got {StepsPerInstantMax} steps at {Elapsed}; actors send to each other without end.");
        }

        if (_ready.Count > 0)
        {
            int chosen = _ready.Count == 1 ? 0 : Chance.Next(_ready.Count);
            (NodeLife life, IThreadPoolWorkItem mailbox) = _ready[chosen];
            _ready[chosen] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            if (life.Alive && life.Held is { } held)
                held.Add(new SimulatedEvent(() => Ready(life, mailbox)));
            else if (life.Alive)
                RunMailbox(life, mailbox);
            return true;
        }

        if (!_events.TryPeek(out _, out EventTime next) || next.Ticks > end)
            return false;
        if (next.Ticks > Ticks)
        {
            Ticks = next.Ticks;
            _stepsAtInstant = 0;
        }

        _events.Dequeue().Happen(this);
        return true;
    }

    private void RunMailbox(NodeLife life, IThreadPoolWorkItem mailbox)
    {
        Running = life;
        try
        {
            mailbox.Execute();
        }
        finally
        {
            Running = null;
        }
    }

    /// <summary>Orders events by time, those of one instant by chance.</summary>
    private readonly record struct EventTime(long Ticks, uint Tie, long Sequence)
    {
        internal static readonly IComparer<EventTime> Order = Comparer<EventTime>.Create(static (left, right) =>
        {
            int byTime = left.Ticks.CompareTo(right.Ticks);
            if (byTime != 0)
                return byTime;
            int byTie = left.Tie.CompareTo(right.Tie);
            return byTie != 0 ? byTie : left.Sequence.CompareTo(right.Sequence);
        });
    }
}
