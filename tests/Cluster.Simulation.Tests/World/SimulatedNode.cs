namespace Cluster.Simulation.Tests.World;

/// <summary>A machine: one life after another under the same name.</summary>
internal sealed class SimulatedNode(SimulatedWorld world, string name, Func<NodeLife, ActorSystem> start)
{
    private NodeLife? _life;

    public SimulatedWorld World => world;

    public string Name => name;

    /// <summary>The present life, or the last.</summary>
    public NodeLife Life => _life ?? throw new InvalidOperationException($"{name}: wanted a node that was started, got one that was not; call Start first");

    public bool HasStarted => _life is not null;

    public bool IsRunning => _life is { IsAlive: true };

    /// <summary>The actors of the present life.</summary>
    public ActorSystem System => Life.System ?? throw new InvalidOperationException($"{name}: wanted actors, got a node that is being started");

    /// <summary>Begins a life.</summary>
    public void Start()
    {
        if (IsRunning) throw new InvalidOperationException($"{name}: wanted a node that is down, got one that runs; crash it first");
        _life = world.Begin(this);
        _life.System = start(_life);
        world.Settle();
        _life.IsStarting = false;
    }
}
