using Cluster.Actors.Membership.Messages;

namespace Cluster.Actors.Membership;

/// <summary>What the cluster does in the phases of a coordinated shutdown, so that a node that ends leaves first.</summary>
internal static class ClusterShutdown
{
    public static void Register(Cluster cluster, CoordinatedShutdown shutdown)
    {
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "leave", () => Leave(cluster));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExitingDone, "exiting-completed", () => CompleteExit(cluster));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterShutdown, "fall-silent", () => FallSilent(cluster));
    }

    private static Task<Done> Leave(Cluster cluster)
    {
        if (cluster.IsTerminated || cluster.SelfMember.Status is MemberStatus.Removed or MemberStatus.Down) return Task.FromResult(Done.Instance);
        cluster.Leave(cluster.SelfAddress);
        return Await(cluster.Exiting);
    }

    private static Task<Done> CompleteExit(Cluster cluster)
    {
        if (cluster.IsTerminated || cluster.SelfMember.Status != MemberStatus.Exiting) return Task.FromResult(Done.Instance);
        cluster.Tell(new ExitingCompleted());
        return Await(cluster.Ended);
    }

    private static Task<Done> FallSilent(Cluster cluster)
    {
        // Only now: in the phases before, the node's shards and singletons have stopped, and others may start theirs.
        bool inline = cluster.System.Setup.Dispatcher.ContinuesInline;
        TaskCompletionSource<Done> silent = new(inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Tell(new StopCommand(silent));
        return silent.Task;
    }

    private static async Task<Done> Await(Task task)
    {
        await task.ConfigureAwait(false);
        return Done.Instance;
    }
}
