using Cluster.Actors.Persistence.Storage;

namespace Cluster.Actors.Tests.Embedded;

/// <summary>A cluster of several nodes in this process, on real threads and real time, with short heartbeats.</summary>
internal sealed class InProcessCluster : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly InProcessNetwork _network = new(serialize: true);
    private readonly List<TcpNetwork> _sockets = [];
    private readonly List<ActorSystem> _nodes = [];
    private int _ports = 1000;

    /// <summary>Shared by all nodes, as a database would be.</summary>
    public MemoryPersistence Disk { get; } = new();

    public IReadOnlyList<ActorSystem> Nodes => _nodes;

    public Func<ClusterSettings, ClusterSettings> Adjust { get; init; } = settings => settings;

    public Func<EmbeddedSetup, EmbeddedSetup> AdjustSetup { get; init; } = setup => setup;

    /// <summary>Whether each node has a network of sockets of its own, as if it were a process.</summary>
    public bool OverTcp { get; init; }

    /// <summary>Starts a node and has it join the first; the first founds the cluster. Returns when it is up.</summary>
    public async Task<ActorSystem> StartNode(params string[] roles)
    {
        ActorSystem node = CreateNode(_ports++, roles);
        Address seed = ActorCluster.Get(_nodes[0]).SelfAddress;
        ActorCluster.Get(node).JoinSeedNodes([seed]);
        await Up(node);
        return node;
    }

    /// <summary>Creates a node that belongs to no cluster yet.</summary>
    public ActorSystem CreateNode(int port, params string[] roles)
    {
        ClusterSettings settings = Settings(roles);
        return Create(OverTcp ? Sockets() : new EmbeddedSetup { Network = _network, Host = "node" + port, Port = 1 }, settings);
    }

    /// <summary>Creates a node that belongs to no cluster yet, at the address of one that has gone.</summary>
    public ActorSystem CreateNodeAt(Address address, params string[] roles) => Create(Sockets(address.Host, address.Port ?? 0), Settings(roles));

    /// <summary>Ends a node without a word: its threads run nothing more, its sockets close.</summary>
    public void Kill(ActorSystem node, PausableDispatcher threads)
    {
        threads.Pause();
        ((EmbeddedActorSystem)node).Setup.Network!.Unregister(((EmbeddedActorSystem)node).Provider.Gateway!);
        _nodes.Remove(node);
    }

    private ClusterSettings Settings(string[] roles) => Adjust(new ClusterSettings
    {
        Roles = [.. roles],
        HeartbeatInterval = TimeSpan.FromMilliseconds(100),
        AcceptablePause = TimeSpan.FromSeconds(4),
        Downing = new DowningSettings { StableAfter = TimeSpan.FromMilliseconds(300), RemovalMargin = TimeSpan.FromMilliseconds(200) },
    });

    private ActorSystem Create(EmbeddedSetup setup, ClusterSettings settings)
    {
        ActorSystem node = ActorSystem.Create("test", AdjustSetup(setup.With(settings).With(new PersistenceSetup(Disk.Open(TimeProvider.System)))));
        _nodes.Add(node);
        return node;
    }

    private EmbeddedSetup Sockets(string? host = null, int port = 0)
    {
        TcpNetwork network = new();
        _sockets.Add(network);
        host ??= string.Create(System.Globalization.CultureInfo.InvariantCulture, $"127.0.0.{_sockets.Count}"); // as if each were a machine
        return new EmbeddedSetup { Network = network, Host = host, Port = network.Reserve(host, port), Serializers = CensusSerializer.For };
    }

    public static Task Up(ActorSystem node)
    {
        TaskCompletionSource up = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ActorCluster.Get(node).RegisterOnMemberUp(() => up.TrySetResult());
        return up.Task.WaitAsync(Deadline);
    }

    /// <summary>Completes when the node's view of the cluster fulfils the condition.</summary>
    public static async Task Sees(ActorSystem node, Func<ClusterEvent.CurrentClusterState, bool> condition, TimeSpan? deadline = null)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef watcher = node.ActorOf(Props.Create(() => new ViewWatcher(condition, seen)));
        try
        {
            await seen.Task.WaitAsync(deadline ?? Deadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{ActorCluster.Get(node).SelfAddress} sees: {string.Join("; ", ActorCluster.Get(node).State.Members)}");
        }
        finally
        {
            node.Stop(watcher);
        }
    }

    public static Task SeesUp(ActorSystem node, int count, TimeSpan? deadline = null) =>
        Sees(node, state => state.Members.Count(member => member.Status == MemberStatus.Up) == count && state.Members.Count == count, deadline);

    public async ValueTask DisposeAsync()
    {
        foreach (ActorSystem node in _nodes) ActorCluster.Get(node).Down(ActorCluster.Get(node).SelfAddress);
        foreach (ActorSystem node in _nodes) _ = node.Terminate();
        await Task.WhenAll(_nodes.Select(node => node.WhenTerminated)).WaitAsync(Deadline);
        foreach (TcpNetwork network in _sockets) network.Dispose();
    }

    private sealed class ViewWatcher : ReceiveActor
    {
        private readonly Func<ClusterEvent.CurrentClusterState, bool> _condition;
        private readonly TaskCompletionSource _seen;

        public ViewWatcher(Func<ClusterEvent.CurrentClusterState, bool> condition, TaskCompletionSource seen)
        {
            _condition = condition;
            _seen = seen;
            ReceiveAny(_ => Check());
        }

        protected override void PreStart() =>
            ActorCluster.Get(Context.System).Subscribe(Self, typeof(ClusterEvent.IClusterDomainEvent));

        protected override void PostStop() => ActorCluster.Get(Context.System).Unsubscribe(Self);

        private void Check()
        {
            if (_condition(ActorCluster.Get(Context.System).State)) _seen.TrySetResult();
        }
    }
}
