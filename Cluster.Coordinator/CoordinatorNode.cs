using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Jobs;
using Cluster.Messages.Node;

namespace Cluster.Coordinator;

/// <summary>What a node with the role coordinator runs.</summary>
/// <param name="Manager">The manager of the cluster's only JobManager, which may live on another node.</param>
internal sealed record CoordinatorNode(IActorRef Manager)
{
    /// <summary>Starts the coordinator's actors on a node that joins, or has joined, the cluster with the role coordinator.</summary>
    public static CoordinatorNode Start(ActorSystem system, CoordinatorOptions options)
    {
        IActorRef shards = ClusterSharding.Get(system).StartProxy(DataShardRegion.TypeName, DataShardRegion.Role, new DataShardRegion());
        CoordinatorServices services = new(
            options.Compute, options.Checkpoints, options.Models, options.Limits, shards,
            options.Progress ?? new ProgressReporter(system), options.LoadData)
        {
            Helpers = options.Helpers ?? options.Compute,
            OwnRunners = options.OwnRunners,
            Rules = options.Rules,
            Storage = options.Storage,
            RunsDirectory = options.RunsDirectory,
            SeesData = options.SeesData,
            Roots = options.Roots,
            Failures = options.Failures,
            DrawSecret = options.DrawSecret,
            Ledger = options.Ledger,
        };
        return new CoordinatorNode(system.ActorOf(
            ClusterSingletonManager.Props(
                AuthorityKeeperActor.PropsOf(options.Authority with { Failures = options.Failures }, options.Limits, authority => JobManagerActor.PropsOf(services.Under(authority))),
                HandOver.Instance,
                ClusterSingletonManagerSettings.Create(system).WithRole(JobManagerSingleton.Role)),
            JobManagerSingleton.ManagerName));
    }
}
