namespace Cluster.Actors;

/// <summary>What cells say to each other besides user messages; handled first, in the order sent.</summary>
internal abstract class SystemMessage
{
    /// <summary>The message sent before it, while it waits in a mailbox.</summary>
    internal SystemMessage? Next { get; set; }

    /// <summary>Whether it must wait until a restart that is under way has ended.</summary>
    internal virtual bool WaitsForRestart => false;
}

internal sealed class Create : SystemMessage;

internal sealed class Suspend : SystemMessage
{
    internal override bool WaitsForRestart => true;
}

internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    internal Exception? CausedByFailure { get; } = causedByFailure;

    internal override bool WaitsForRestart => true;
}

internal sealed class Recreate(Exception cause) : SystemMessage
{
    internal Exception Cause { get; } = cause;

    internal override bool WaitsForRestart => true;
}

internal sealed class Terminate : SystemMessage;

internal sealed class Watch(IActorRef watchee, IActorRef watcher) : SystemMessage
{
    internal IActorRef Watchee { get; } = watchee;

    internal IActorRef Watcher { get; } = watcher;
}

internal sealed class Unwatch(IActorRef watchee, IActorRef watcher) : SystemMessage
{
    internal IActorRef Watchee { get; } = watchee;

    internal IActorRef Watcher { get; } = watcher;
}

internal sealed class Failed(IActorRef child, Exception cause) : SystemMessage
{
    internal IActorRef Child { get; } = child;

    internal Exception Cause { get; } = cause;
}

internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated) : SystemMessage
{
    internal IActorRef Actor { get; } = actor;

    internal bool ExistenceConfirmed { get; } = existenceConfirmed;

    internal bool AddressTerminated { get; } = addressTerminated;
}

/// <summary>The timer behind SetReceiveTimeout went off; the cell decides whether anything came meanwhile.</summary>
internal sealed class ReceiveTimeoutElapsed(int generation) : SystemMessage
{
    internal int Generation { get; } = generation;
}
