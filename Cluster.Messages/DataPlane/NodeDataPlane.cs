using System.Security.Cryptography;
using Cluster.Messages.Node;
using Cluster.Messages.Trust;

namespace Cluster.Messages.DataPlane;

/// <summary>The data plane of a running node: listens, publishes its addresses, and ends with the node's actor system.</summary>
internal static class NodeDataPlane
{
    private const int LifeBytes = 8;

    /// <summary>Opens it.</summary>
    /// <param name="system">The node's actors.</param>
    /// <param name="node">The node's address: its host to listen on and, with a number of this life, its name.</param>
    /// <param name="port">Where it listens for other hosts; 0 for a free port.</param>
    /// <param name="trust">The trust; null for none, which allows connections within its machine only.</param>
    /// <param name="isHere">Whether messages to actors at an address go by reference.</param>
    /// <exception cref="IOException">Nobody can listen there.</exception>
    public static void Open(ActorSystem system, NodeAddress node, int port, NodeTrust? trust, Predicate<Address> isHere)
    {
        VectorExchange vectors = VectorExchange.Get(system);
        string? path = null;
        string life = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(LifeBytes));
        DataPeer self = new($"{node}#{life}", node.Host);
        DataPlaneNode plane = DataPlaneNode.OverSockets(self, trust, vectors);
        try
        {
            DataEndPoint tcp = plane.Listen(DataEndPoint.Tcp(node.Host, port));
            path = SocketFolder.NewPath();
            if (path is not null) plane.Listen(DataEndPoint.Unix(path));
            IActorRef actor = system.ActorOf(DataPlaneActor.PropsOf(new DataPlaneDescribed(self.Name, node.Host, tcp.Port, path ?? ""), vectors), DataPlaneActor.Name);
            vectors.Open(plane, isHere, address => actor.Tell(new DataPlaneActor.FindRoute(address)));
        }
        catch
        {
            _ = EndAsync(plane, path);
            throw;
        }
        // A process that ends without waiting for its actors leaves no folder behind either.
        EventHandler? exit = path is null ? null : (_, _) => SocketFolder.Remove(path);
        AppDomain.CurrentDomain.ProcessExit += exit;
        system.WhenTerminated.ContinueWith(
            async _ =>
            {
                await EndAsync(plane, path);
                AppDomain.CurrentDomain.ProcessExit -= exit;
            },
            TaskScheduler.Default);
    }

    private static async Task EndAsync(DataPlaneNode plane, string? path)
    {
        await plane.DisposeAsync();
        if (path is not null) SocketFolder.Remove(path);
    }
}
