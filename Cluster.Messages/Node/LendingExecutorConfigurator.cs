using Akka.Configuration;
using Akka.Dispatch;

namespace Cluster.Messages.Node;

/// <summary>Makes the executor of a dispatcher whose actors may be handled on threads that are lent.</summary>
/// <param name="config">Of the dispatcher.</param>
/// <param name="prerequisites">Of the system.</param>
public sealed class LendingExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new LendingExecutor(id);
}
