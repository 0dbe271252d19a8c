using Cluster.Coordinator.Database;
using Cluster.Coordinator.Jobs;
using Cluster.Messages.Node;

namespace Cluster.Coordinator.Authority;

/// <summary>How a coordinator node comes by the authority to run the jobs.</summary>
/// <param name="Leases">The lease on its journal.</param>
/// <param name="Pool">Where the lease is asked for: threads that nothing else keeps busy, lest a renewal come late.</param>
/// <param name="Holder">Names the node; the same after it has been started again, and no other live one's.</param>
internal sealed record AuthorityOptions(ILeaseStore Leases, IComputePool Pool, string Holder)
{
    /// <summary>Told what storage refuses; null if nobody asks.</summary>
    public StorageFailures? Failures { get; init; }

    /// <summary>The lease in the database that a node keeps its journal in, with a thread that ends with the node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="database">Its journal's database.</param>
    /// <param name="holder">Names the node; null for its address.</param>
    public static AuthorityOptions In(ClusterNode node, CoordinatorDatabase database, string? holder = null)
    {
        ComputePool pool = new(1, $"{node.Name} lease");
        node.System.WhenTerminated.ContinueWith(_ => pool.Dispose(), TaskScheduler.Default);
        return new AuthorityOptions(new DatabaseLeaseStore(database), pool, holder ?? node.Address.ToString());
    }
}
