using Akka.Configuration;
using Akka.Dispatch;
using Cluster.Simulation.Hooks;
using Cluster.Simulation.Tests.Network;

namespace Cluster.Simulation.Tests.World;

/// <summary>
/// A cluster of real actor systems in one process, in virtual time. Whatever is ready to run is queued here, and one thing after another
/// runs, drawn by the seed; if nothing is ready, time jumps to the next event. One world at a time in a process.
/// </summary>
/// <remarks>
/// Threads  the caller's, and the pool's one (<see cref="ParkedThreadPool"/>), which take turns.
/// Repeats  the same seed gives the same history in this and in any other process, as long as nothing reads a clock, or draws, elsewhere.
/// </remarks>
internal sealed partial class SimulatedWorld : IVirtualWorld
{
    /// <summary>Where an actor system's configuration names the life that it belongs to.</summary>
    public const string LifeSetting = "simulation.life";

    private const int StepsPerInstantMax = 1_000_000;
    private const ulong EngineSalt = 0x5bd1e9955bd1e995UL;

    private static readonly DateTimeOffset s_epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Thread _thread = Thread.CurrentThread;
    private readonly ParkedThreadPool _pool = ParkedThreadPool.Install();
    private readonly List<(NodeLife Life, IRunnable Run)> _ready = [];
    private readonly PriorityQueue<(NodeLife? Life, Action Act), (long Ticks, uint Tie, long Number)> _events = new();
    private readonly List<NodeLife> _lives = [];
    private readonly List<SimulatedNode> _nodes = [];
    private readonly SimulatedRandom _engineRandom;
    private long _number;
    private int _stepsAtInstant;
    private bool _isRunning;

    /// <param name="seed">Keys all random numbers of the history.</param>
    /// <param name="trace">Gets a line for every message; null for no text.</param>
    public SimulatedWorld(int seed, TextWriter? trace = null)
    {
        EngineCounters.Reset();
        Seed = seed;
        Random = new SimulatedRandom((ulong)seed);
        _engineRandom = new SimulatedRandom((ulong)seed ^ EngineSalt);
        Trace = new SimulatedTrace(trace);
        Network = new SimulatedNetwork(this);
        Current = this;
        Woven.World = this;
    }

    /// <summary>The world of this process.</summary>
    public static SimulatedWorld Current { get; private set; } = null!;

    public int Seed { get; }

    /// <summary>Draws what runs next, and what goes wrong.</summary>
    public SimulatedRandom Random { get; }

    public SimulatedTrace Trace { get; }

    public SimulatedNetwork Network { get; }

    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    public SimulatedNode this[string name] => _nodes.First(node => node.Name == name);

    /// <summary>Virtual time since the beginning.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Ticks);

    /// <summary>The date.</summary>
    public DateTimeOffset Now => s_epoch.AddTicks(Ticks);

    /// <inheritdoc/>
    public long Ticks { get; private set; }

    /// <summary>Mailbox runs so far.</summary>
    public long Runs { get; private set; }

    /// <summary>How often the pool's thread was let work.</summary>
    public long PoolTurns => _pool.Turns;

    /// <summary>Nodes killed so far.</summary>
    public int Crashes { get; private set; }

    // Apart from what decides the order of runs, so that a draw more in the engine does not change all that follows.
    Random IVirtualWorld.Random => _engineRandom;

    void IVirtualWorld.After(TimeSpan delay, Action action) => After(delay, action);

    /// <summary>Adds a machine that is down.</summary>
    /// <param name="name">Its host name.</param>
    /// <param name="start">Makes the actors of a life.</param>
    public SimulatedNode AddNode(string name, Func<NodeLife, ActorSystem> start)
    {
        SimulatedNode node = new(this, name, start);
        _nodes.Add(node);
        return node;
    }

    /// <summary>The life that a configuration belongs to.</summary>
    public NodeLife LifeOf(Config configuration) => _lives[configuration.GetInt(LifeSetting)];

    /// <summary>Does something later.</summary>
    public void After(TimeSpan delay, Action act) => After(delay, null, act);

    /// <summary>Does something later on a node; nothing if that life is over by then, and only when it goes on where it is paused.</summary>
    public void After(TimeSpan delay, NodeLife? life, Action act) => At(Ticks + Math.Max(0, delay.Ticks), life, act);

    /// <summary>As <see cref="After(TimeSpan, NodeLife?, Action)"/>, at a time.</summary>
    public void At(long ticks, NodeLife? life, Action act) => Enqueue(ticks, (uint)(Random.NextUInt64() >> 32), life, act);

    /// <summary>A mailbox has something to do.</summary>
    public void Ready(NodeLife life, IRunnable run)
    {
        if (!life.IsAlive) return;
        _ready.Add((life, run));
        if (life.IsStarting && !_isRunning && Thread.CurrentThread == _thread) Settle();
    }

    /// <summary>Runs until nothing is ready, without letting time pass.</summary>
    public void Settle()
    {
        while (TryRun())
        {
        }
    }

    /// <summary>Runs until the condition holds; false if the limit of virtual time comes first, or nothing is left to do.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        long end = Ticks + limit.Ticks;
        while (!condition())
            if (!Step(end))
            {
                Ticks = Math.Max(Ticks, end);
                return condition();
            }
        return true;
    }

    // Events of one instant are ordered at random, but for those that are known to follow each other.
    private void Enqueue(long ticks, uint tie, NodeLife? life, Action act) => _events.Enqueue((life, act), (ticks, tie, _number++));

    private bool Step(long end)
    {
        if (++_stepsAtInstant > StepsPerInstantMax)
            throw new InvalidOperationException($"seed {Seed}: wanted time to pass, got {StepsPerInstantMax} steps at {Elapsed}; actors send to each other without end");
        if (TryRun()) return true;
        if (!_events.TryPeek(out _, out (long Ticks, uint, long) next) || next.Ticks > end) return false;
        if (next.Ticks > Ticks) (Ticks, _stepsAtInstant) = (next.Ticks, 0);
        (NodeLife? life, Action act) = _events.Dequeue();
        if (life is { IsAlive: false }) return true;
        if (life is { Held: { } held }) held.Add(act);
        else act();
        _pool.WorkOff();
        return true;
    }

    private bool TryRun()
    {
        if (_ready.Count == 0) _pool.WorkOff();
        if (_ready.Count == 0) return false;
        int chosen = _ready.Count == 1 ? 0 : Random.Next(_ready.Count);
        (NodeLife life, IRunnable run) = _ready[chosen];
        _ready[chosen] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (!life.IsAlive) return true;
        if (life.Held is { } held) held.Add(() => Ready(life, run));
        else Run(run);
        return true;
    }

    private void Run(IRunnable run)
    {
        Runs++;
        _isRunning = true;
        try
        {
            run.Run();
            _pool.WorkOff();
        }
        finally
        {
            _isRunning = false;
        }
    }
}
