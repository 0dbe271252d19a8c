using Cluster.Actors.Serialization;

namespace Cluster.Actors.Simulation;

/// <summary>A message in flight: as bytes where a serializer knows it.</summary>
internal sealed record SimulatedDelivery(NodeLife From, SimulatedNode To, NodeEnvelope Envelope, SerializedMessage? Bytes);

/// <summary>One node's way into the simulated network.</summary>
internal sealed class SimulatedNetwork(SimulatedCluster cluster, NodeLife life) : NodeNetwork
{
    public override bool RoutesForeignRefs => true;

    internal override NodeGateway? RunningNode => cluster.Running?.Gateway;

    public override void Register(INodeEndpoint node) => life.Gateway = (NodeGateway)node;

    public override void Unregister(INodeEndpoint node)
    {
        // Its last notices are on their way; what comes in now finds nobody.
        life.Gateway = null;
    }

    public override void Send(NodeEnvelope envelope)
    {
        if (life.Alive)
            cluster.Send(life, envelope);
    }

    internal override NodeGateway? ForeignNode(EmbeddedActorSystem owner) =>
        cluster.Running is { Gateway: { } gateway } running && !ReferenceEquals(gateway.System, owner) && running.Alive ? gateway : null;
}
