using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Network;

/// <summary>One direction of a connection: what is sent on it arrives in order, where the network lets it.</summary>
/// <param name="From">Who sends.</param>
/// <param name="To">Who receives: what arrives after that life is dropped.</param>
/// <param name="Plane">On which plane.</param>
internal sealed record Lane(NodeLife From, NodeLife To, Planes Plane)
{
    /// <summary>When the last thing arrives that must not be overtaken.</summary>
    public long LastArrival { get; set; }
}
