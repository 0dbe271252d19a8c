using Akka.Dispatch;

namespace Cluster.Messages.Node;

/// <summary>Runs mailboxes on the pool of the process, or on a lent thread if they were told from it.</summary>
/// <param name="id">The dispatcher's.</param>
internal sealed class LendingExecutor(string id) : ExecutorService(id)
{
    public override void Execute(IRunnable run)
    {
        if (!ThreadLoan.Takes(run)) ThreadPool.UnsafeQueueUserWorkItem(run, preferLocal: true);
    }

    public override void Shutdown()
    {
        // The pool is the process's.
    }
}
