using Cluster.Coordinator;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Jobs;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Ml.Numerics;
using Cluster.Seed;
using Cluster.Simulation.Tests.Engine;
using Cluster.Simulation.Tests.World;
using Cluster.Worker;

namespace Cluster.Simulation.Tests.Training;

/// <summary>
/// Four nodes as they are, over one database, with the faults of a seed: a coordinator that is also the seed, one that also works, and
/// two workers.
/// </summary>
internal sealed class TrainingSimulation
{
    private const double Slowdown = 5;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly SimulatedWorld _world;
    private readonly PlantedBug _planted;
    private readonly SharedDatabase _database;
    private readonly FaultScript? _faults;
    private readonly Operator _operator;
    private readonly SmallJob _job;
    private readonly List<EpochTrained> _epochs = [];
    private JobFinished? _finished;

    private TrainingSimulation(int seed, bool faults, TextWriter? trace, PlantedBug planted)
    {
        _planted = planted;
        _job = SmallJob.Of(seed);
        _world = new SimulatedWorld(seed, trace);
        _database = new SharedDatabase(_world, planted.Authority);
        _faults = faults ? new FaultScript(_world, _database) : null;
        _operator = new Operator(_world);
        _world.Trace.OnTold = Hear;
    }

    /// <summary>Runs the job once.</summary>
    /// <param name="seed">Keys all random numbers of the history.</param>
    /// <param name="faults">Whether anything goes wrong.</param>
    /// <param name="trace">Gets a line for every message and log line, for finding out what a failing seed did.</param>
    /// <param name="planted">What is wrong with the code; null for nothing.</param>
    /// <param name="limit">Virtual time after which the job counts as hanging.</param>
    public static SimulationOutcome Run(int seed, bool faults = true, TextWriter? trace = null, PlantedBug? planted = null, TimeSpan? limit = null) =>
        new TrainingSimulation(seed, faults, trace, planted ?? PlantedBug.None).Run(limit ?? s_limit);

    private SimulationOutcome Run(TimeSpan limit)
    {
        _world.AddNode("coordinator1", StartFirst);
        _world.AddNode("coordinator2", StartSecond);
        for (int i = 1; i <= 2; i++) _world.AddNode($"worker{i}", StartWorker);
        foreach (SimulatedNode node in _world.Nodes) node.Start();
        _faults?.OnStart();
        _operator.Start();
        _world.RunUntil(() => _finished is not null || _database.Writers.Violation is not null, limit);
        foreach (SimulatedNode node in _world.Nodes) _world.Trace.Write(_world.Elapsed, $"{node.Name}: {MembersSeenBy(node)}");
        return new SimulationOutcome(
            _world.Seed, _finished, _world.Trace.Hash, _world.Elapsed, _world.Trace.Messages, _world.Crashes,
            _database.Leases.Grants, _operator.Rescues, _database.Writers.Violation, _epochs);
    }

    private static string MembersSeenBy(SimulatedNode node)
    {
        ClusterEvent.CurrentClusterState state = ActorCluster.Get(node.System).State;
        return $"members {string.Join(", ", state.Members)}; unreachable {string.Join(", ", state.Unreachable)}; leader {state.Leader}";
    }

    private ActorSystem StartFirst(NodeLife life)
    {
        ActorSystem system = StartSystem(life, NodeRoles.Seed, NodeRoles.Coordinator);
        SeedNode.Start(system);
        AddCoordinator(life, system, new SimulatedComputePool(life, threads: 2, delay: () => _database.DelayOf(life.Node)));
        IActorRef manager = JobManagerSingleton.Proxy(system);
        system.ActorOf(Props.Create(() => new ClientActor(_job.Submit, manager, _world.Nodes.Count, OnFinished)), "client");
        return system;
    }

    private ActorSystem StartSecond(NodeLife life)
    {
        ActorSystem system = StartSystem(life, NodeRoles.Coordinator, NodeRoles.Worker);
        AddCoordinator(life, system, new SimulatedComputePool(life, threads: 2, delay: () => _database.DelayOf(life.Node)));
        AddWorker(life, system);
        return system;
    }

    private ActorSystem StartWorker(NodeLife life)
    {
        ActorSystem system = StartSystem(life, NodeRoles.Worker);
        AddWorker(life, system);
        return system;
    }

    private void AddCoordinator(NodeLife life, ActorSystem system, SimulatedComputePool compute) => CoordinatorNode.Start(system, new CoordinatorOptions
    {
        Compute = compute,
        Authority = new AuthorityOptions(
            _database.Leases, new SimulatedComputePool(life, threads: 1, delay: () => _database.DelayOf(life.Node)), life.Node.Name),
        Checkpoints = _database.Checkpoints,
        Models = _database.Models,
        Limits = new CoordinatorLimits { LeaseDuration = TimeSpan.FromSeconds(1), LeaseTick = TimeSpan.FromMilliseconds(250), CheckpointPause = TimeSpan.FromMilliseconds(100) },
        LoadData = _job.Load,
        DrawSecret = () => SmallJob.Secret,
        Rules = _planted.Rounds,
    });

    private void AddWorker(NodeLife life, ActorSystem system)
    {
        SimulatedComputePool compute = new(life, threads: 2, life.Node.Name == _job.Straggler ? Slowdown : 1);
        WorkerNode.Start(
            system, new WorkerOptions(new WorkerId(life.Node.Name)) { Rules = _planted.Workers }, new WorkerPools(compute, new NumericBufferPool(), _job.DataSets));
    }

    private ActorSystem StartSystem(NodeLife life, params string[] roles)
    {
        _database.Connect(life);
        NodeOptions options = new()
        {
            Name = life.Node.Name,
            Roles = [.. roles],
            Address = new NodeAddress(life.Node.Name, SimulatedTransport.Port),
            Seeds = [.. new[] { "coordinator1", "coordinator2", "worker1" }.Select(name => new NodeAddress(name, SimulatedTransport.Port))],
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            AcceptablePause = TimeSpan.FromSeconds(1),
            DownAfter = TimeSpan.FromMilliseconds(500),
        };
        ActorSystem system = SimulatedSystem.Start(life, options, CoordinatorCodecs.AddTo(MessageCodecs.ForMessages()));
        system.ActorOf(SplitWatchActor.PropsOf(options.Seeds, []), SplitWatchActor.Name);
        return system;
    }

    private void OnFinished(JobFinished finished) => _finished = finished;

    private void Hear(object message)
    {
        if (message is EpochTrained epoch) _epochs.Add(epoch);
        if (message is JobAccepted) _faults?.OnAccepted();
    }
}
