using Cluster.Messages.Wire;

namespace Cluster.Coordinator.Jobs;

/// <summary>For records that hold no reference to an actor.</summary>
internal sealed class NoActors : IActorPaths
{
    public static readonly NoActors Instance = new();

    public string PathOf(IActorRef actor) => throw new UnsendableMessageException("actor", "none", actor.Path.ToString());

    public IActorRef Resolve(string path) => ActorRefs.Nobody;
}
