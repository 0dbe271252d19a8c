namespace Cluster.Actors;

/// <summary>What the engine throws derives from it.</summary>
public abstract class AkkaException(string message, Exception? cause = null) : Exception(message, cause)
{
    protected Exception? Cause => InnerException;
}

/// <summary>A message that cannot be sent, such as null.</summary>
public class InvalidMessageException(string message = "The message must not be null.") : AkkaException(message);

/// <summary>The answer did not come in time.</summary>
public class AskTimeoutException(string message) : AkkaException(message);

/// <summary>Nobody answered to a path.</summary>
public class ActorNotFoundException(string message, Exception? inner = null) : AkkaException(message, inner);

/// <summary>The name is taken, or is no name.</summary>
public class InvalidActorNameException(string message, Exception? inner = null) : AkkaException(message, inner);

/// <summary>Thrown in the actor that receives <see cref="Kill"/>.</summary>
public class ActorKilledException(string message) : AkkaException(message);

/// <summary>The engine was used in a way that its rules do not allow.</summary>
public class IllegalActorStateException(string message) : AkkaException(message);

/// <summary>The stash is full.</summary>
public class StashOverflowException(string message, Exception? cause = null) : AkkaException(message, cause);

/// <summary>An actor could not be made: its constructor or PreStart threw.</summary>
public class ActorInitializationException : AkkaException
{
    public ActorInitializationException(string message)
        : base(message)
    {
    }

    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null)
        : base(actor is null ? message : $"{actor.Path}: {message}", cause) => Actor = actor;

    public IActorRef? Actor { get; }
}

/// <summary>PreRestart threw.</summary>
public class PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
    : ActorInitializationException(actor, $"PreRestart threw {restartException.GetType().Name} while restarting after {cause.GetType().Name}", restartException)
{
    public object? OptionalMessage { get; } = optionalMessage;
}

/// <summary>The constructor or PostRestart threw in a restart.</summary>
public class PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor, $"could not be made again after {originalCause.GetType().Name}: {cause.Message}", cause)
{
    public Exception OriginalCause { get; } = originalCause;
}

/// <summary>A watched actor ended and the watcher did not handle its <see cref="Terminated"/>.</summary>
public class DeathPactException(IActorRef deadActor) : AkkaException($"Monitored actor [{deadActor.Path}] terminated")
{
    public IActorRef DeadActor { get; } = deadActor;
}
