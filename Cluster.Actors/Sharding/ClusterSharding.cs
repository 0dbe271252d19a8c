using Cluster.Actors.Sharding.Coordination;
using Cluster.Actors.Singleton;

namespace Cluster.Actors.Sharding;

/// <summary>Spreads entities over the nodes of a role: each id lives on one node at a time, and messages find it there.</summary>
public sealed class ClusterSharding : IExtension
{
    private readonly ExtendedActorSystem _system;
    private readonly LocalActorRef _guardian;
    private readonly ConcurrentDictionary<string, IActorRef> _regions = new();
    private readonly ConcurrentDictionary<string, IActorRef> _proxies = new();
    private readonly Lock _gate = new();

    internal ClusterSharding(ExtendedActorSystem system)
    {
        _system = system;
        Settings = ClusterShardingSettings.Create(system);
        _guardian = (LocalActorRef)system.SystemActorOf(Props.Create(() => new GuardianActor()), "sharding");
    }

    /// <summary>The system's defaults.</summary>
    public ClusterShardingSettings Settings { get; }

    public ImmutableHashSet<string> ShardTypeNames => [.. _regions.Keys];

    /// <summary>The sharding of a system, made at the first call.</summary>
    public static ClusterSharding Get(ActorSystem system) => system.WithExtension<ClusterSharding, ClusterShardingExtensionProvider>();

    /// <inheritdoc cref="Start(string, Func{string, Props}, ClusterShardingSettings, IMessageExtractor, IShardAllocationStrategy, object)"/>
    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Start(typeName, _ => entityProps, settings, messageExtractor);

    /// <inheritdoc cref="Start(string, Func{string, Props}, ClusterShardingSettings, IMessageExtractor, IShardAllocationStrategy, object)"/>
    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Start(typeName, entityPropsFactory, settings, messageExtractor, DefaultShardAllocationStrategy(settings), PoisonPill.Instance);

    /// <inheritdoc cref="Start(string, Func{string, Props}, ClusterShardingSettings, IMessageExtractor, IShardAllocationStrategy, object)"/>
    public IActorRef Start(
        string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy, object handOffStopMessage) =>
        Start(typeName, _ => entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage);

    /// <summary>Has this node run entities of the type; on a node without the role, a proxy. Returns the region to send to.</summary>
    public IActorRef Start(
        string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy, object handOffStopMessage)
    {
        if (settings.Role is { } role && !ActorCluster.Get(_system).SelfRoles.Contains(role)) return StartProxy(typeName, role, messageExtractor);
        lock (_gate)
        {
            if (_regions.TryGetValue(typeName, out IActorRef? known)) return known;
            string coordinator = Coordinator(typeName);
            ImmutableArray<string> region = ["system", "sharding", Uri.EscapeDataString(typeName)];
            ClusterSingletonManagerSettings singleton = ClusterSingletonManagerSettings.Create(_system).WithRole(settings.Role)
                .WithHandOverRetryInterval(settings.TuningParameters.RetryInterval);
            _guardian.Cell.ActorOf(
                ClusterSingletonManager.Props(Props.Create(() => new ShardCoordinator(settings, allocationStrategy, region)), PoisonPill.Instance, singleton), coordinator);
            RegionSetup setup = new(typeName, entityPropsFactory, settings, messageExtractor, handOffStopMessage, CoordinatorPath(typeName));
            return _regions[typeName] = _guardian.Cell.ActorOf(Props.Create(() => new ShardRegion(setup)), Uri.EscapeDataString(typeName));
        }
    }

    /// <summary>Has this node send to entities of the type without running any.</summary>
    public IActorRef StartProxy(string typeName, string? role, IMessageExtractor messageExtractor)
    {
        lock (_gate)
        {
            if (_proxies.TryGetValue(typeName, out IActorRef? known)) return known;
            RegionSetup setup = new(typeName, null, Settings.WithRole(role), messageExtractor, PoisonPill.Instance, CoordinatorPath(typeName));
            return _proxies[typeName] = _guardian.Cell.ActorOf(Props.Create(() => new ShardRegion(setup)), Uri.EscapeDataString(typeName) + "Proxy");
        }
    }

    /// <summary>The region started on this node, or its proxy.</summary>
    /// <exception cref="ArgumentException">Neither was started.</exception>
    public IActorRef ShardRegion(string typeName) =>
        _regions.GetValueOrDefault(typeName) ?? _proxies.GetValueOrDefault(typeName) ?? throw NotStarted(typeName);

    /// <summary>The proxy started on this node.</summary>
    /// <exception cref="ArgumentException">None was started.</exception>
    public IActorRef ShardRegionProxy(string typeName) => _proxies.GetValueOrDefault(typeName) ?? throw NotStarted(typeName);

    [SuppressMessage("Performance", "CA1822", Justification = "An instance member in Akka.NET.")]
    public IShardAllocationStrategy DefaultShardAllocationStrategy(ClusterShardingSettings settings) =>
        ShardAllocationStrategy.LeastShardAllocationStrategy(
            settings.TuningParameters.LeastShardAllocationAbsoluteLimit, settings.TuningParameters.LeastShardAllocationRelativeLimit);

    private static string Coordinator(string typeName) => Uri.EscapeDataString(typeName) + "Coordinator";

    private static ImmutableArray<string> CoordinatorPath(string typeName) => ["system", "sharding", Coordinator(typeName), "singleton"];

    private static ArgumentException NotStarted(string typeName) =>
        new($"ClusterSharding: wanted the region of a type that was started on this node, got '{typeName}'; call Start or StartProxy first.", nameof(typeName));
}
