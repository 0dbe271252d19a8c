namespace Cluster.Actors;

/// <summary>The engine handles it itself, before the actor's behaviour.</summary>
public interface IAutoReceivedMessage;

/// <summary>A message that another node should not be allowed to send.</summary>
public interface IPossiblyHarmful;

/// <summary>A message that never leaves its node.</summary>
public interface INoSerializationVerificationNeeded;

/// <summary>A message that does not count as activity for the receive timeout.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>A message whose loss is no news: it is not reported as a dead letter.</summary>
public interface IDeadLetterSuppression
{
    object Message { get; }

    IActorRef Sender { get; }

    IActorRef Recipient { get; }
}

/// <summary>Stops the actor once all that came before is handled.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful
{
    private PoisonPill()
    {
    }

    public static PoisonPill Instance { get; } = new();

    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the actor throw <see cref="ActorKilledException"/>.</summary>
public sealed class Kill : IAutoReceivedMessage, IPossiblyHarmful
{
    private Kill()
    {
    }

    public static Kill Instance { get; } = new();

    public override string ToString() => "<Kill>";
}

/// <summary>Asks any actor for its reference; it answers <see cref="ActorIdentity"/>.</summary>
public sealed record Identify(object? MessageId) : IAutoReceivedMessage;

/// <summary>Answers <see cref="Identify"/>; the subject is null where nobody lives.</summary>
public sealed record ActorIdentity(object? MessageId, IActorRef? Subject);

/// <summary>A watched actor has ended.</summary>
public sealed class Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    : IAutoReceivedMessage, IPossiblyHarmful, INoSerializationVerificationNeeded
{
    public IActorRef ActorRef { get; } = actorRef;

    /// <summary>Whether the node that it lived on was lost.</summary>
    public bool AddressTerminated { get; } = addressTerminated;

    /// <summary>Whether the actor is known to have lived.</summary>
    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>Nothing came for as long as SetReceiveTimeout said.</summary>
public sealed class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout()
    {
    }

    public static ReceiveTimeout Instance { get; } = new();

    public override string ToString() => "<ReceiveTimeout>";
}

/// <summary>How something ended, as a message.</summary>
public abstract class Status
{
    public sealed class Success(object? status) : Status
    {
        public static readonly Success Instance = new(null);

        public object? Status { get; } = status;

        public override string ToString() => Status is null ? "Success" : $"Success: {Status}";
    }

    public sealed class Failure(Exception cause, object? state = null) : Status
    {
        public Exception Cause { get; } = cause;

        public object? State { get; } = state;

        public override string ToString() => $"Failure: {Cause}";
    }
}

/// <summary>The value of what has nothing to say but that it is done.</summary>
public sealed class Done
{
    private Done()
    {
    }

    public static Done Instance { get; } = new();

    public override string ToString() => "Done";
}

/// <summary>A message and who sent it.</summary>
public readonly struct Envelope(object message, IActorRef? sender)
{
    public object Message { get; } = message;

    public IActorRef? Sender { get; } = sender;

    public override string ToString() => $"<{Message}> from {Sender}";
}
