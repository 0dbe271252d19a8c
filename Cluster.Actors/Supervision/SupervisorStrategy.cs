namespace Cluster.Actors;

/// <summary>What a parent does with a failing child.</summary>
public enum Directive
{
    /// <summary>Carry on as if nothing had happened.</summary>
    Resume,

    /// <summary>Carry on with a new incarnation.</summary>
    Restart,

    /// <summary>Fail oneself.</summary>
    Escalate,

    /// <summary>Stop it.</summary>
    Stop,
}

/// <summary>Decides by the exception.</summary>
public interface IDecider
{
    Directive Decide(Exception cause);
}

/// <summary>A decider of one's own code.</summary>
public sealed class LocalOnlyDecider(Func<Exception, Directive> decider) : IDecider
{
    public Directive Decide(Exception cause) => decider(cause);
}

public static class Decider
{
    public static LocalOnlyDecider From(Func<Exception, Directive> localOnlyDecider) => new(localOnlyDecider);
}

/// <summary>How often a child has been restarted lately.</summary>
public sealed class ChildRestartStats
{
    private static long s_ordinals;
    private TimeSpan? _windowStart;

    internal ChildRestartStats(LocalActorRef child)
    {
        Child = child;
        Ordinal = Interlocked.Increment(ref s_ordinals);
    }

    public int RestartCount { get; private set; }

    internal LocalActorRef Child { get; }

    internal long Ordinal { get; }

    /// <summary>Whether one more restart is within the limits; counts it.</summary>
    internal bool RequestRestartPermission(int maxRetries, TimeSpan? within, TimeSpan now)
    {
        if (maxRetries == 0)
            return false;
        if (within is not { } window)
            return maxRetries < 0 || ++RestartCount <= maxRetries;

        // No limit of retries but a window means one restart a window.
        int retries = maxRetries < 0 ? 1 : maxRetries;
        if (_windowStart is not { } start || now - start > window)
        {
            _windowStart = now;
            RestartCount = 1;
            return true;
        }

        return ++RestartCount <= retries;
    }
}

/// <summary>What a parent does with its failing children.</summary>
public abstract class SupervisorStrategy
{
    public static IDecider DefaultDecider { get; } = Actors.Decider.From(static cause => cause switch
    {
        ActorInitializationException => Directive.Stop,
        ActorKilledException => Directive.Stop,
        DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    });

    /// <summary>Restarts, but stops children that could not be made, were killed, or ended with whom they watched.</summary>
    public static SupervisorStrategy DefaultStrategy { get; } = new OneForOneStrategy(DefaultDecider);

    public static SupervisorStrategy StoppingStrategy { get; } = new OneForOneStrategy(static _ => Directive.Stop);

    public abstract IDecider Decider { get; }

    protected bool LoggingEnabled { get; init; } = true;

    /// <summary>Called when a child has ended by itself.</summary>
    public virtual void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IActorRef> children)
    {
    }

    protected virtual Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    /// <summary>Restarts the children or, beyond the limits, stops them.</summary>
    protected abstract void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children);

    internal static void RestartChild(ActorRefBase child, Exception cause, bool suspendFirst)
    {
        if (suspendFirst)
            child.Suspend();
        child.Restart(cause);
    }

    internal void HandleChildTerminated(ActorCell cell, LocalActorRef child, ChildRestartStats[] children) =>
        HandleChildTerminated(cell, child, children.Select(other => other.Child));

    /// <summary>False where the failure is to be escalated.</summary>
    internal bool HandleFailure(ActorCell cell, IActorRef child, Exception cause, ChildRestartStats stats, ChildRestartStats[] children)
    {
        Directive directive = Handle(child, cause);
        Log(cell, child, cause, directive);
        switch (directive)
        {
            case Directive.Escalate:
                return false;
            case Directive.Resume:
                stats.Child.Resume(cause);
                return true;
            case Directive.Restart:
                ProcessFailure(cell, true, child, cause, stats, children);
                return true;
            default:
                ProcessFailure(cell, false, child, cause, stats, children);
                return true;
        }
    }

    private void Log(ActorCell cell, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled || directive == Directive.Escalate)
            return;
        string text = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        EventStream stream = cell.Owner.EventStream;
        if (directive == Directive.Resume)
            stream.Publish(new Warning(child.Path.ToString(), GetType(), text, cell.Owner.Now));
        else
            stream.Publish(new Error(cause, child.Path.ToString(), GetType(), text, cell.Owner.Now));
    }
}
