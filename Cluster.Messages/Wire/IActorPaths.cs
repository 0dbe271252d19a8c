namespace Cluster.Messages.Wire;

/// <summary>Turns actor references into what travels, and back. Each actor system has its own.</summary>
public interface IActorPaths
{
    /// <summary>The serialised path, with the address of the actor's node.</summary>
    string PathOf(IActorRef actor);

    /// <summary>The reference that a serialised path stands for. An actor that is no more gives dead letters.</summary>
    IActorRef Resolve(string path);
}
