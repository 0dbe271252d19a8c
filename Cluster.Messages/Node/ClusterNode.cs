using System.Runtime.CompilerServices;
using Cluster.Messages.Wire;

namespace Cluster.Messages.Node;

/// <summary>One running node: an actor system that has been told to join the cluster, with its serializer, journal and compute pool.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan DisposeDeadline = TimeSpan.FromSeconds(30);
    private static readonly ConditionalWeakTable<ActorSystem, ClusterNode> s_nodes = [];

    private readonly NodeEnvironment _environment;
    private readonly ComputePool? _ownPool;
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ClusterNode(NodeOptions options, NodeEnvironment environment, ActorSystem system)
    {
        _environment = environment;
        Options = options;
        System = system;
        Membership = ActorCluster.Get(system);
        Address = new NodeAddress(Membership.SelfAddress.Host ?? options.Address.Host, Membership.SelfAddress.Port ?? 0);
        Name = options.Name.Length > 0 ? options.Name : Address.ToString();
        _ownPool = environment.Compute is null ? new ComputePool(options.ComputeThreads, $"{Name} compute") : null;
        Compute = environment.Compute ?? _ownPool!;
        Membership.RegisterOnMemberUp(() => _up.TrySetResult());
        s_nodes.Add(system, this);
    }

    /// <summary>What it was started with.</summary>
    public NodeOptions Options { get; }

    /// <summary>Its name, for people and worker ids.</summary>
    public string Name { get; }

    /// <summary>Where others reach it.</summary>
    public NodeAddress Address { get; }

    /// <summary>Its actors.</summary>
    public ActorSystem System { get; }

    /// <summary>Its part in the cluster.</summary>
    public ActorCluster Membership { get; }

    /// <summary>Those of its actors that others look for.</summary>
    public IActorRegistry Registry => ActorRegistry.For(System);

    /// <summary>Where its actors run long computations.</summary>
    public IComputePool Compute { get; }

    /// <summary>The node that a system is the actors of.</summary>
    /// <exception cref="InvalidOperationException">It is none's.</exception>
    public static ClusterNode Of(ActorSystem system) => s_nodes.TryGetValue(system, out ClusterNode? node)
        ? node
        : throw new InvalidOperationException($"{system}: wanted the actors of a node, got those of something else; start it by ClusterNode.Start.");

    /// <summary>Starts the node with what it runs, and tells it to join. It is a member when <see cref="WaitUntilUp"/> says so.</summary>
    /// <param name="options">How.</param>
    /// <param name="codecs">All that it may send, receive or journal; nothing can be added from now on.</param>
    /// <param name="environment">What the node shares with others, or is given by a simulation.</param>
    /// <param name="actors">Adds what the node runs; null for nothing.</param>
    /// <exception cref="BadNodeOptionsException">Something is wrong with the options.</exception>
    /// <exception cref="JournalUnavailableException">The journal cannot be opened.</exception>
    /// <exception cref="IOException">Nobody can listen at the address.</exception>
    public static ClusterNode Start(NodeOptions options, MessageCodecs codecs, NodeEnvironment environment, Action<AkkaConfigurationBuilder>? actors = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(codecs);
        ArgumentNullException.ThrowIfNull(environment);
        NodeOptions valid = options.Validated();
        if (valid.Roles.Contains(NodeRoles.Coordinator) && !valid.HasJournal)
            throw new BadNodeOptionsException([$"JournalPath: wanted a journal in the role {NodeRoles.Coordinator}, got none"]);
        NodeHost host = environment.HostOf(valid, codecs.Freeze(), actors);
        var node = new ClusterNode(valid, environment, host.System);
        try
        {
            environment.OpenDataPlane(node);
            host.Start();
            node.Join();
            return node;
        }
        catch
        {
            host.System.Terminate();
            node._ownPool?.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the node is a member that works.</summary>
    /// <exception cref="TimeoutException">It did not become one within the deadline.</exception>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    public async Task WaitUntilUp(TimeSpan deadline)
    {
        Task first;
        try
        {
            first = await Task.WhenAny(_up.Task, System.WhenTerminated).WaitAsync(deadline, _environment.TimeProvider);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"node {Name}: wanted to be a member within {deadline}, got {Membership.SelfMember.Status}; is one of its seeds ({string.Join(", ", Options.Seeds)}) running and reachable?");
        }
        if (first != _up.Task) throw new InvalidOperationException($"node {Name}: wanted to be a member, got the end of its actor system; its log says why.");
    }

    /// <summary>Hands over what it runs, leaves the cluster and ends, at most until the deadline.</summary>
    /// <returns>Whether it ended in time. If not, its process should end: others will notice its silence.</returns>
    public async Task<bool> Stop(TimeSpan deadline)
    {
        Task ended = CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance);
        try
        {
            await Task.WhenAll(ended, System.WhenTerminated).WaitAsync(deadline, _environment.TimeProvider);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            _ownPool?.Dispose();
        }
    }

    /// <summary>Stops the node within half a minute.</summary>
    public async ValueTask DisposeAsync() => await Stop(DisposeDeadline);

    private void Join()
    {
        if (Options.Seeds.IsDefaultOrEmpty && Options.Peers.IsDefaultOrEmpty)
        {
            Membership.Join(Membership.SelfAddress);
            return;
        }
        Address self = Membership.SelfAddress;
        IEnumerable<NodeAddress> seeds = Options.Seeds.IsDefaultOrEmpty ? [Address] : Options.Seeds;        // the first of them may found a cluster
        IEnumerable<NodeAddress> peers = Options.Peers.IsDefault ? [] : Options.Peers.Where(peer => peer != Address);
        Membership.JoinSeedNodes([.. seeds.Concat(peers).Distinct().Select(node => new Address(self.Protocol, self.System, node.Host, node.Port))]);
    }
}
