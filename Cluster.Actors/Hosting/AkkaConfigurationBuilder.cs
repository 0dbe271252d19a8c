namespace Cluster.Actors.Hosting;

/// <summary>What Akka.Hosting has of the same name, as far as it is used here: gathers the actors of a node.</summary>
public sealed class AkkaConfigurationBuilder
{
    private readonly List<Action<ActorSystem, IActorRegistry>> _actors = [];

    /// <summary>Adds actors.</summary>
    /// <param name="start">Starts them, and registers those that others look for.</param>
    public AkkaConfigurationBuilder WithActors(Action<ActorSystem, IActorRegistry> start)
    {
        _actors.Add(start);
        return this;
    }

    /// <summary>Starts what was added, in its order.</summary>
    public void Start(ActorSystem system)
    {
        IActorRegistry registry = ActorRegistry.For(system);
        foreach (Action<ActorSystem, IActorRegistry> start in _actors) start(system, registry);
    }
}
