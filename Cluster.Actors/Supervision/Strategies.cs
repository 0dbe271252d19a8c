namespace Cluster.Actors;

/// <summary>What befalls a child concerns that child alone.</summary>
public class OneForOneStrategy : SupervisorStrategy
{
    private readonly int _maxRetries;
    private readonly TimeSpan? _within;

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, withinTimeRange, Actors.Decider.From(localOnlyDecider), true)
    {
    }

    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, withinTimeRange, decider, true)
    {
    }

    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, Retries.Window(withinTimeMilliseconds), Actors.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, null, Actors.Decider.From(localOnlyDecider), true)
    {
    }

    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(-1, null, Actors.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public OneForOneStrategy(IDecider decider)
        : this(-1, null, decider, true)
    {
    }

    private OneForOneStrategy(int maxRetries, TimeSpan? within, IDecider decider, bool loggingEnabled)
    {
        _maxRetries = maxRetries;
        _within = within;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public override IDecider Decider { get; }

    protected override void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (restart && stats.RequestRestartPermission(_maxRetries, _within, context.System.Scheduler.MonotonicClock))
            RestartChild(stats.Child, cause, suspendFirst: false);
        else
            context.Stop(child);
    }
}

/// <summary>What befalls one child befalls all.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    private readonly int _maxRetries;
    private readonly TimeSpan? _within;

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, withinTimeRange, Actors.Decider.From(localOnlyDecider), true)
    {
    }

    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, withinTimeRange, decider, true)
    {
    }

    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, Retries.Window(withinTimeMilliseconds), Actors.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, null, Actors.Decider.From(localOnlyDecider), true)
    {
    }

    public AllForOneStrategy(IDecider decider)
        : this(-1, null, decider, true)
    {
    }

    private AllForOneStrategy(int maxRetries, TimeSpan? within, IDecider decider, bool loggingEnabled)
    {
        _maxRetries = maxRetries;
        _within = within;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    public override IDecider Decider { get; }

    protected override void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        TimeSpan now = context.System.Scheduler.MonotonicClock;
        bool allowed = restart;
        foreach (ChildRestartStats other in children)
            allowed = allowed && other.RequestRestartPermission(_maxRetries, _within, now);
        foreach (ChildRestartStats other in children)
        {
            if (allowed)
                RestartChild(other.Child, cause, suspendFirst: !other.Child.Equals(child));
            else
                context.Stop(other.Child);
        }
    }
}

internal static class Retries
{
    /// <summary>A window given in milliseconds; without limit where it is negative or infinite.</summary>
    internal static TimeSpan? Window(int milliseconds) => milliseconds is < 0 or int.MaxValue ? null : TimeSpan.FromMilliseconds(milliseconds);
}
