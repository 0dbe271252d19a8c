namespace Cluster.Actors;

/// <summary>Options of a supervisor that restarts its only child after ever longer pauses.</summary>
public static class Backoff
{
    /// <summary>Restarts the child after it has failed.</summary>
    public static BackoffOptions OnFailure(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new(BackoffKind.OnFailure, childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries);

    /// <summary>Starts the child again after it has stopped, of itself or by a failure.</summary>
    public static BackoffOptions OnStop(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new(BackoffKind.OnStop, childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries);
}

internal enum BackoffKind
{
    OnFailure,
    OnStop,
}

/// <summary>What a <see cref="BackoffSupervisor"/> is to do.</summary>
public sealed record BackoffOptions
{
    internal BackoffOptions(BackoffKind kind, Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxRetries)
    {
        if (minBackoff <= TimeSpan.Zero || maxBackoff < minBackoff)
            throw new ArgumentException($"Backoff: wanted 0 < minBackoff <= maxBackoff, got {minBackoff} and {maxBackoff}; correct them.");
        if (randomFactor is not (>= 0 and <= 1))
            throw new ArgumentException($"Backoff: wanted a randomFactor in [0, 1], got {randomFactor}; correct it.");
        Kind = kind;
        ChildProps = childProps;
        ChildName = childName;
        MinBackoff = minBackoff;
        MaxBackoff = maxBackoff;
        RandomFactor = randomFactor;
        MaxRetries = maxRetries;
        ResetAfter = minBackoff;
    }

    internal BackoffKind Kind { get; }

    internal Props ChildProps { get; }

    internal string ChildName { get; }

    internal TimeSpan MinBackoff { get; }

    internal TimeSpan MaxBackoff { get; }

    internal double RandomFactor { get; }

    internal int MaxRetries { get; private init; }

    /// <summary>How long the child must live before its failures are forgotten; null to forget only when told.</summary>
    internal TimeSpan? ResetAfter { get; private init; }

    internal IDecider Decider { get; private init; } = SupervisorStrategy.DefaultDecider;

    internal object? ReplyWhileStopped { get; private init; }

    internal Func<object, bool>? FinalStopMessage { get; private init; }

    internal Props Props => Props.Create(() => new BackoffSupervisor(this));

    public BackoffOptions WithAutoReset(TimeSpan resetBackoff) => this with { ResetAfter = resetBackoff };

    public BackoffOptions WithManualReset() => this with { ResetAfter = null };

    public BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => this with { Decider = supervisorStrategy.Decider };

    public BackoffOptions WithDefaultStoppingStrategy() => this with { Decider = SupervisorStrategy.StoppingStrategy.Decider };

    public BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => this with { ReplyWhileStopped = replyWhileStopped };

    public BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) => this with { FinalStopMessage = isFinalStopMessage };

    public BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => this with { MaxRetries = maxNrOfRetries };
}
