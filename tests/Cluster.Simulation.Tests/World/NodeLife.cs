using Cluster.Simulation.Tests.Engine;
using Cluster.Simulation.Tests.Storage;

namespace Cluster.Simulation.Tests.World;

/// <summary>A node from one start to its end.</summary>
/// <param name="node">Whose life it is.</param>
/// <param name="index">Its number among all lives of the world.</param>
internal sealed class NodeLife(SimulatedNode node, int index)
{
    public SimulatedNode Node { get; } = node;

    public int Index { get; } = index;

    /// <summary>Whether the process is there, be it paused or not.</summary>
    public bool IsAlive { get; set; } = true;

    /// <summary>Whether its actor system is being made: what makes it waits for actors, which must run meanwhile.</summary>
    public bool IsStarting { get; set; } = true;

    /// <summary>What is due on a node that is paused, in order; null if it is not.</summary>
    public List<Action>? Held { get; set; }

    /// <summary>Its actors; null until they are there.</summary>
    public ActorSystem? System { get; set; }

    /// <summary>Lets connections in; null if nobody listens.</summary>
    public SimulatedTransport? Door { get; set; }

    /// <summary>Its connection to the database; null for none.</summary>
    public DatabaseConnection? Database { get; set; }

    /// <summary>Told when the process ends; the argument says whether its machine tells others, as it does when a process is killed.</summary>
    public Action<bool>? Ended { get; set; }
}
