using Akka.Configuration;
using Akka.Dispatch;
using Cluster.Messages.Node;

namespace Cluster.Coordinator.Tests;

/// <summary>Runs a node's mailboxes while it lives.</summary>
/// <param name="id">The dispatcher's.</param>
/// <param name="lending">Runs them as production does; null for the pool of the process.</param>
/// <param name="life">The node's.</param>
internal sealed class MortalExecutor(string id, ExecutorService? lending, NodeLife life) : ExecutorService(id)
{
    public override void Execute(IRunnable run)
    {
        Turn turn = new(life, run);
        if (lending is null) ThreadPool.UnsafeQueueUserWorkItem(turn, preferLocal: false);
        else lending.Execute(turn);
    }

    public override void Shutdown()
    {
        // The pool is the process's.
    }

    private sealed class Turn(NodeLife life, IRunnable mailbox) : IRunnable
    {
        public void Run()
        {
            if (!life.Parks(mailbox)) mailbox.Run();
        }

        public void Execute() => Run();
    }
}

/// <summary>Found by its name in the configuration of dispatchers.</summary>
public sealed class MortalExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <inheritdoc/>
    public override ExecutorService Produce(string id)
    {
        ExecutorService? lending = id == "akka.actor.default-dispatcher" ? new LendingExecutorConfigurator(Config, Prerequisites).Produce(id) : null;
        return new MortalExecutor(id, lending, Prerequisites.Settings.Setup.Get<NodeLife>().Value);
    }
}
