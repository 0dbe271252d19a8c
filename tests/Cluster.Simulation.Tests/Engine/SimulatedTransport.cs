using Akka.Configuration;
using Akka.Remote.Transport;
using Cluster.Simulation.Tests.Network;
using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Engine;

/// <summary>The engine's way into the simulated network, in the place of TCP. Found by its name in the configuration.</summary>
public sealed class SimulatedTransport : Transport
{
    /// <summary>Every node's port.</summary>
    public const int Port = 1;

    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<IAssociationEventListener> _listener = new();
    private readonly List<SimulatedAssociation> _associations = [];
    private readonly Address _address;

    /// <summary>Made by the engine.</summary>
    public SimulatedTransport(ActorSystem system, Config config)
    {
        ArgumentNullException.ThrowIfNull(system);
        (System, Config, SchemeIdentifier) = (system, config, "tcp");
        MaximumPayloadBytes = (long)system.Settings.Config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size")!;
        Life = SimulatedWorld.Current.LifeOf(system.Settings.Config);
        Life.Ended = End;
        _address = new Address(SchemeIdentifier, system.Name, Life.Node.Name, Port);
    }

    internal NodeLife Life { get; }

    private SimulatedWorld World => Life.Node.World;

    /// <inheritdoc/>
    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        Life.Door = this;
        return Task.FromResult((_address, _listener));
    }

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => true;

    /// <inheritdoc/>
    public override Task<AssociationHandle> Associate(Address remoteAddress)
    {
        ArgumentNullException.ThrowIfNull(remoteAddress);
        TaskCompletionSource<AssociationHandle> connected = new();
        World.After(World.Network.DrawDelay(), null, () => Connect(remoteAddress, connected));
        return connected.Task;
    }

    /// <inheritdoc/>
    public override Task<bool> Shutdown()
    {
        if (Life.Door == this) Life.Door = null;
        return Task.FromResult(true);
    }

    internal void Forget(SimulatedAssociation association) => _associations.Remove(association);

    private void Connect(Address remote, TaskCompletionSource<AssociationHandle> connected)
    {
        bool isCut = World.Network.IsCut(Life.Node.Name, remote.Host!, Planes.Control) || World.Network.IsCut(remote.Host!, Life.Node.Name, Planes.Control);
        NodeLife? there = World.Nodes.FirstOrDefault(node => node.Name == remote.Host && node.HasStarted)?.Life;
        SimulatedTransport? door = there is { IsAlive: true, Held: null } ? there.Door : null;
        if (isCut || door is null || !door._listener.Task.IsCompletedSuccessfully)
        {
            // A machine that is up refuses at once; of one that cannot be heard nothing comes.
            TimeSpan after = isCut || door is null ? s_connectTimeout : World.Network.DrawDelay();
            World.After(after, Life, () => connected.TrySetException(new InvalidAssociationException($"{remote}: wanted a connection, got no answer")));
            return;
        }
        SimulatedAssociation mine = new(this, _address, remote), theirs = new(door, remote, _address);
        (mine.Peer, theirs.Peer) = (theirs, mine);
        _associations.Add(mine);
        door._associations.Add(theirs);
        door._listener.Task.Result.Notify(new InboundAssociation(theirs));
        World.After(World.Network.DrawDelay(), Life, () => connected.TrySetResult(mine));
    }

    private void End(bool tells)
    {
        Life.Door = null;
        foreach (SimulatedAssociation association in _associations.ToArray()) association.OnProcessEnded(tells);
        _associations.Clear();
    }
}
