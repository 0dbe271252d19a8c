using Cluster.Messages.Node;
using Cluster.Worker.Shards;
using Cluster.Worker.Sources;
using Cluster.Worker.Tasks;
using Cluster.Worker.Telemetry;
using Cluster.Worker.Training;

namespace Cluster.Worker;

/// <summary>What a node with the role worker runs.</summary>
/// <param name="Worker">Computes contributions: /user/worker.</param>
/// <param name="Tasks">Runs tasks: /user/tasks.</param>
/// <param name="DataShards">The region of the job's data shards.</param>
public sealed record WorkerNode(IActorRef Worker, IActorRef Tasks, IActorRef DataShards)
{
    /// <summary>Name of the worker's actor below /user.</summary>
    public const string WorkerName = "worker";

    /// <summary>Name of the task runner's actor below /user.</summary>
    public const string TasksName = "tasks";

    /// <summary>Name of the actor below /user that fetches data which the node does not see.</summary>
    public const string SourcesName = "sources";

    /// <summary>Starts the worker's actors on a node that joins, or has joined, the cluster with the role worker.</summary>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public static WorkerNode Start(ActorSystem system, WorkerOptions options, WorkerPools pools)
    {
        options.Validate();
        if (options.Slowdown > 1) pools = pools with { Compute = new SlowedComputePool(pools.Compute, options.Slowdown, TimeProvider.System) };
        options = options with { Storage = options.Storage with { Warn = system.Log.RowCacheRefused } };
        IActorRef worker = system.ActorOf(WorkerActor.CreateProps(options, pools), WorkerName);
        IActorRef sources = system.ActorOf(SourceFetchersActor.CreateProps(options, pools.Compute), SourcesName);
        IActorRef tasks = system.ActorOf(TaskRunnerActor.CreateProps(options, sources, pools.Compute), TasksName);
        IActorRef dataShards = ClusterSharding.Get(system).Start(
            DataShardRegion.TypeName,
            DataShardActor.CreateProps(options, worker, sources, pools),
            ClusterShardingSettings.Create(system).WithRole(DataShardRegion.Role).WithPassivateIdleAfter(TimeSpan.Zero),   // a shard is idle while its rows are in use
            new DataShardRegion());
        system.Log.WorkerStarted(options.Worker, pools.Compute.Threads);
        return new WorkerNode(worker, tasks, dataShards);
    }
}
