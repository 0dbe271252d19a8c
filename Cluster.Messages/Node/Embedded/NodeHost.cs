namespace Cluster.Messages.Node;

/// <summary>A node's actor system and the actors that run in it.</summary>
internal sealed class NodeHost(ActorSystem system, Action<AkkaConfigurationBuilder>? actors)
{
    /// <summary>The node's actors.</summary>
    public ActorSystem System => system;

    /// <summary>Starts what was added to the node.</summary>
    public void Start()
    {
        AkkaConfigurationBuilder builder = new();
        actors?.Invoke(builder);
        builder.Start(system);
    }
}
