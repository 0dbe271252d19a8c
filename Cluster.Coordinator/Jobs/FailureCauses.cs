using System.Data.Common;
using System.Net.Sockets;
using System.Reflection;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.ParameterServer;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Jobs;

/// <summary>What an exception that stopped an actor says about trying again.</summary>
internal static class FailureCauses
{
    /// <summary>Whether the world is the cause, which may be another at the next attempt: a store, a connection, time, memory, a node that stops.</summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        TimeoutException or IOException or SocketException or DbException or StorageException or OperationCanceledException
            or ObjectDisposedException or OutOfMemoryException or AuthorityLostException or ActorKilledException => true,
        AggregateException several => several.InnerExceptions.Any(IsTransient),
        _ => failure.InnerException is { } cause && IsTransient(cause),
    };

    /// <summary>What was thrown, without what only carried it.</summary>
    public static Exception RootOf(Exception failure) =>
        failure is StepFailureException or AggregateException or ActorInitializationException or TargetInvocationException
        && failure.InnerException is { } cause ? RootOf(cause) : failure;

    /// <summary>Type and message of what was thrown.</summary>
    public static string Describe(Exception failure) => RootOf(failure) is var root and not OutOfMemoryException ? $"{root.GetType().Name}: {root.Message.TrimEnd('.')}" : MemoryNeed.TextOf(RootOf(failure));
}
