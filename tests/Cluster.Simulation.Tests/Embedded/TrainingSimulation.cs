using Cluster.Actors.Simulation;
using Cluster.Coordinator;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Jobs;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Ml.Numerics;
using Cluster.Seed;
using Cluster.Worker;

namespace Cluster.Simulation.Tests.Embedded;

/// <summary>A seed, two coordinators over one database, and three workers as they are, on one thread in virtual time, with the faults of a seed.</summary>
internal sealed class TrainingSimulation
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private const double Slowdown = 5;
    private static readonly TimeSpan LookForEnded = TimeSpan.FromMilliseconds(500);

    private readonly SimulatedCluster _cluster;
    private readonly TextWriter? _trace;
    private readonly PlantedBug _planted;
    private readonly SharedDatabase _database;
    private readonly SmallJob _job;
    private readonly List<EpochTrained> _epochs = [];
    private JobFinished? _finished;

    private TrainingSimulation(int seed, TextWriter? trace, PlantedBug planted)
    {
        _planted = planted;
        _job = SmallJob.Of(seed);
        _trace = trace;
        _cluster = new SimulatedCluster(seed);
        _database = new SharedDatabase(_cluster, planted.Authority);
        _cluster.OnDelivered = Hear;
    }

    /// <summary>Runs the job once.</summary>
    /// <param name="seed">All chance of the run.</param>
    /// <param name="faults">Whether anything goes wrong.</param>
    /// <param name="trace">Gets a line for every message and log line, for finding out what a failing seed did.</param>
    /// <param name="planted">What is wrong with the code; null for nothing.</param>
    /// <param name="limit">Virtual time after which the job counts as hanging.</param>
    public static SimulationOutcome Run(int seed, bool faults = true, TextWriter? trace = null, PlantedBug? planted = null, TimeSpan? limit = null) =>
        new TrainingSimulation(seed, trace, planted ?? PlantedBug.None).Run(faults, limit ?? Limit);

    private SimulationOutcome Run(bool faults, TimeSpan limit)
    {
        _cluster.AddNode("seed", StartSeed);
        for (int i = 1; i <= 2; i++) _cluster.AddNode($"coordinator{i}", StartCoordinator);
        for (int i = 1; i <= 3; i++) _cluster.AddNode($"worker{i}", StartWorker);
        if (faults)
        {
            _cluster.Faults = FaultScript.DrawNetwork(_cluster.Chance);
            FaultScript.Schedule(_cluster, _database);
        }
        _cluster.Schedule(LookForEnded, RestartEnded);
        _cluster.RunUntil(() => _finished is not null || _database.Writers.Violation is not null, limit);
        return new SimulationOutcome(
            _cluster.Seed, _finished, _cluster.TraceHash, _cluster.Elapsed, _cluster.Delivered, _cluster.Crashes,
            _database.Leases.Grants, _database.Writers.Violation, _epochs);
    }

    private ActorSystem StartSeed(SimulatedNode node)
    {
        ActorSystem system = StartNode(node, NodeRoles.Seed, new SimulatedComputePool(node, threads: 1));
        SeedNode.Start(system);
        IActorRef manager = JobManagerSingleton.Proxy(system);
        system.ActorOf(Props.Create(() => new ClientActor(_job.Submit, manager, OnFinished)), "client");
        return system;
    }

    private void Hear(TimeSpan at, ActorPath recipient, ActorPath? sender, object message)
    {
        if (message is EpochTrained epoch) _epochs.Add(epoch);
        _trace?.WriteLine($"{at.TotalMilliseconds,10:F3} {sender} -> {recipient}: {Short(message)}");
    }

    private static string Short(object message)
    {
        string text = (message.ToString() ?? "").ReplaceLineEndings(" ");
        return text.Length <= 300 ? text : text[..300];
    }

    private void OnFinished(JobFinished finished) => _finished = finished;

    private ActorSystem StartCoordinator(SimulatedNode node)
    {
        SimulatedComputePool compute = new(node, threads: 2, delay: () => _database.DelayOf(node));
        ActorSystem system = StartNode(node, NodeRoles.Coordinator, compute);
        CoordinatorNode.Start(system, new CoordinatorOptions
        {
            Compute = compute,
            Authority = new AuthorityOptions(_database.Leases, new SimulatedComputePool(node, threads: 1, delay: () => _database.DelayOf(node)), node.Name),
            Checkpoints = _database.Checkpoints,
            Models = _database.Models,
            Limits = new CoordinatorLimits { LeaseDuration = TimeSpan.FromSeconds(1), LeaseTick = TimeSpan.FromMilliseconds(250), CheckpointPause = TimeSpan.FromMilliseconds(100) },
            LoadData = _job.Load,
            DrawSecret = () => SmallJob.Secret,
            Rules = _planted.Rounds,
        });
        return system;
    }

    private ActorSystem StartWorker(SimulatedNode node)
    {
        SimulatedComputePool compute = new(node, threads: 2, node.Name == _job.Straggler ? Slowdown : 1);
        ActorSystem system = StartNode(node, NodeRoles.Worker, compute);
        WorkerNode.Start(
            system, new WorkerOptions(new WorkerId(node.Name)) { Rules = _planted.Workers }, new WorkerPools(compute, new NumericBufferPool(), _job.DataSets));
        return system;
    }

    private ActorSystem StartNode(SimulatedNode node, string role, IComputePool compute)
    {
        EmbeddedSetup setup = node.Setup
            .With(new ClusterSettings
            {
                SeedNodeTimeout = TimeSpan.FromSeconds(1),
                Downing = new DowningSettings { RemovalMargin = TimeSpan.FromMilliseconds(500) },
            })
            .With(_database.Connect(node));
        NodeOptions options = new()
        {
            Name = node.Name,
            Roles = [role],
            Address = new NodeAddress(node.Name, 1),
            Seeds = [new NodeAddress("seed", 1), new NodeAddress("coordinator1", 1), new NodeAddress("worker1", 1)],
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            AcceptablePause = TimeSpan.FromSeconds(1),
            DownAfter = TimeSpan.FromMilliseconds(500),
        };
        NodeEnvironment environment = new(setup, compute)
        {
            LogLevel = _trace is null ? LogLevel.ErrorLevel : LogLevel.DebugLevel,
            LogWriter = line => _trace?.WriteLine($"{_cluster.Elapsed.TotalMilliseconds,10:F3} {node.Name}: {line}"),
        };
        return ClusterNode.Start(options, Codecs(), environment).System;
    }

    private static MessageCodecs Codecs() => CoordinatorCodecs.AddTo(MessageCodecs.ForMessages());

    /// <summary>What an operator's supervisor does: a node that left the cluster by itself is started again.</summary>
    private void RestartEnded()
    {
        foreach (SimulatedNode node in _cluster.Nodes)
            if (node.IsRunning && ActorCluster.Get(node.System).IsTerminated)
            {
                _cluster.Crash(node);
                _cluster.Restart(node);
            }
        _cluster.Schedule(LookForEnded, RestartEnded);
    }
}
