using System.Runtime.CompilerServices;

namespace Cluster.Actors.Hosting;

/// <summary>The registry of a node.</summary>
public sealed class ActorRegistry : IActorRegistry
{
    private static readonly ConditionalWeakTable<ActorSystem, ActorRegistry> s_registries = [];
    private readonly ConcurrentDictionary<Type, IActorRef> _actors = new();

    private ActorRegistry()
    {
    }

    /// <summary>The registry of a system.</summary>
    public static ActorRegistry For(ActorSystem system) => s_registries.GetValue(system, static _ => new ActorRegistry());

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Another is registered.</exception>
    public void Register<TKey>(IActorRef actor, bool overwrite = false)
    {
        if (overwrite) _actors[typeof(TKey)] = actor;
        else if (!_actors.TryAdd(typeof(TKey), actor)) throw new ArgumentException($"{typeof(TKey).Name}: wanted no actor of that key, got {_actors[typeof(TKey)]}.");
    }

    /// <inheritdoc/>
    public IActorRef Get<TKey>() => _actors.TryGetValue(typeof(TKey), out IActorRef? actor)
        ? actor
        : throw new KeyNotFoundException($"{typeof(TKey).Name}: wanted an actor of that key, got none; does the node have its role?");
}
