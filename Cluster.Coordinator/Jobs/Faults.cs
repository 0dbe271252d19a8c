using System.Data.Common;
using System.Net.Sockets;
using System.Reflection;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.ParameterServer;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Jobs;

/// <summary>What an exception that stopped an actor says about trying again.</summary>
internal static class Faults
{
    /// <summary>Whether the world is the cause, which may be another at the next attempt: a store, a connection, time, memory, a node that stops.</summary>
    public static bool IsTransient(Exception fault) => fault switch
    {
        TimeoutException or IOException or SocketException or DbException or StorageException or OperationCanceledException
            or ObjectDisposedException or OutOfMemoryException or AuthorityLostException or ActorKilledException => true,
        AggregateException several => several.InnerExceptions.Any(IsTransient),
        _ => fault.InnerException is { } cause && IsTransient(cause),
    };

    /// <summary>What was thrown, without what only carried it.</summary>
    public static Exception RootOf(Exception fault) =>
        fault is StepFaultException or AggregateException or ActorInitializationException or TargetInvocationException
        && fault.InnerException is { } cause ? RootOf(cause) : fault;

    /// <summary>Type and message of what was thrown.</summary>
    public static string Describe(Exception fault) => RootOf(fault) is var root and not OutOfMemoryException ? $"{root.GetType().Name}: {root.Message.TrimEnd('.')}" : MemoryNeed.TextOf(RootOf(fault));
}
