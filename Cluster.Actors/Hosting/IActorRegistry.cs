namespace Cluster.Actors.Hosting;

/// <summary>What Akka.Hosting has of the same name, as far as it is used here: actors by a type that stands for each.</summary>
public interface IActorRegistry
{
    /// <summary>Registers an actor.</summary>
    /// <typeparam name="TKey">Stands for it.</typeparam>
    /// <param name="actor">The actor.</param>
    /// <param name="overwrite">Whether it takes the place of an earlier one.</param>
    void Register<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>Finds an actor.</summary>
    /// <typeparam name="TKey">Stands for it.</typeparam>
    /// <exception cref="KeyNotFoundException">None is registered.</exception>
    IActorRef Get<TKey>();
}
