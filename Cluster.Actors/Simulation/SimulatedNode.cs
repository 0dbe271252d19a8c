namespace Cluster.Actors.Simulation;

/// <summary>A node of a simulated cluster: one life after another at the same address, with what survives a crash.</summary>
public sealed class SimulatedNode
{
    private readonly SimulatedCluster _cluster;
    private readonly Func<SimulatedNode, ActorSystem> _start;
    private readonly Dictionary<string, object> _durable = new(StringComparer.Ordinal);

    internal SimulatedNode(SimulatedCluster cluster, string name, int index, Func<SimulatedNode, ActorSystem> start)
    {
        _cluster = cluster;
        _start = start;
        Name = name;
        Index = index;
        Life = new NodeLife(cluster, this);
    }

    public string Name { get; }

    public bool IsRunning => Life.Alive;

    /// <summary>Whether it stands still, as a stopped process does.</summary>
    public bool IsPaused => Life.Held is not null;

    /// <summary>The system of the current life; of the last one where the node is down.</summary>
    public ActorSystem System => Life.System ?? throw new InvalidOperationException($"SimulatedNode {Name}: wanted a started node, got one whose start has not returned; use it later.");

    /// <summary>What the node's system must be created with: clock, threads and network of the simulation.</summary>
    public EmbeddedSetup Setup => new()
    {
        TimeProvider = Life.Clock,
        Dispatcher = Life.Dispatcher,
        Network = Life.Network,
        Host = Name,
        Port = 1,
        Uid = Life.Uid,
        LogLevel = LogLevel.WarningLevel,
    };

    /// <summary>The clock of the current life; its timers die with it.</summary>
    public TimeProvider TimeProvider => Life.Clock;

    public SimulatedCluster Cluster => _cluster;

    internal int Index { get; }

    internal NodeLife Life { get; private set; }

    /// <summary>Something that survives crashes, such as a disk; made at the first call.</summary>
    public T Durable<T>(string key, Func<T> create)
        where T : class
    {
        if (!_durable.TryGetValue(key, out object? kept))
            _durable[key] = kept = create();
        return (T)kept;
    }

    /// <summary>Runs code as if on that node.</summary>
    public void Run(Action action) => _cluster.RunAs(Life, action);

    internal void Start()
    {
        NodeLife life = Life;
        life.Alive = true;
        _cluster.RunAs(life, () => life.System = _start(this));
    }

    internal void Restart()
    {
        Life = new NodeLife(_cluster, this);
        Start();
    }
}

/// <summary>From one start of a node to its crash.</summary>
internal sealed class NodeLife
{
    internal NodeLife(SimulatedCluster cluster, SimulatedNode node)
    {
        Node = node;
        Uid = 1 + cluster.Chance.Next(int.MaxValue - 1);
        Clock = new SimulatedTimeProvider(cluster, this);
        Dispatcher = new SimulatedDispatcher(cluster, this);
        Network = new SimulatedNetwork(cluster, this);
    }

    internal SimulatedNode Node { get; }

    internal int Uid { get; }

    internal bool Alive { get; set; }

    /// <summary>What is due on a paused node, in order; null where it is not paused.</summary>
    internal List<SimulatedEvent>? Held { get; set; }

    internal ActorSystem? System { get; set; }

    internal NodeGateway? Gateway { get; set; }

    internal TimeProvider Clock { get; }

    internal ActorDispatcher Dispatcher { get; }

    internal NodeNetwork Network { get; }
}

/// <summary>Queues mailboxes for the simulation's one thread.</summary>
internal sealed class SimulatedDispatcher(SimulatedCluster cluster, NodeLife life) : ActorDispatcher
{
    // One message a turn, so that every interleaving of actors can come up.
    public override int Throughput => 1;

    public override bool ContinuesInline => true;

    public override IMessageTrace? Trace => cluster;

    public override void Schedule(IThreadPoolWorkItem mailbox) => cluster.Ready(life, mailbox);
}
