namespace Cluster.Messages.Node;

/// <summary>Where the cluster's only job manager is found.</summary>
public static class JobManagerSingleton
{
    /// <summary>Name of the singleton's manager below /user.</summary>
    public const string ManagerName = "jobs";

    /// <summary>Name of the singleton below its manager.</summary>
    public const string SingletonName = "singleton";

    /// <summary>The role of the nodes that may run it.</summary>
    public const string Role = NodeRoles.Coordinator;

    /// <summary>A way to it from any node of the cluster, wherever it lives; what is sent while there is none is kept a while.</summary>
    /// <param name="system">The node's actors.</param>
    /// <param name="name">What the proxy is called.</param>
    public static IActorRef Proxy(ActorSystem system, string name = "jobs-proxy")
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.ActorOf(
            ClusterSingletonProxy.Props($"/user/{ManagerName}", ClusterSingletonProxySettings.Create(system).WithRole(Role)), name);
    }
}
