using System.Globalization;
using Cluster.Messages.Node;
using Cluster.Worker.Shards;
using Cluster.Worker.Sources;
using Cluster.Worker.Tasks;
using Cluster.Worker.Telemetry;
using Cluster.Worker.Training;

namespace Cluster.Worker;

/// <summary>A worker of a node with the role worker.</summary>
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

    /// <summary>Starts a worker's actors on a node that joins, or has joined, the cluster with the role worker.</summary>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public static WorkerNode Start(ActorSystem system, WorkerOptions options, WorkerPools pools) =>
        Start(system, ImmutableArray.Create((options, pools)))[0];

    /// <summary>
    /// Starts several workers on one node, which share its region of data shards: /user/worker and /user/tasks, then /user/worker-2 and so on.
    /// </summary>
    /// <param name="system">Of a node that joins, or has joined, the cluster with the role worker.</param>
    /// <param name="workers">At least one, each with threads that are its own.</param>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public static ImmutableArray<WorkerNode> Start(ActorSystem system, ImmutableArray<(WorkerOptions Options, WorkerPools Pools)> workers)
    {
        ImmutableArray<WorkerSeat> seats = [.. workers.Select((each, i) => SeatOf(system, each.Options, each.Pools, i))];
        IActorRef sources = system.ActorOf(SourceFetchersActor.CreateProps(seats[0].Options, seats[0].Pools.Compute), SourcesName);
        ImmutableArray<IActorRef> tasks =
            [.. seats.Select((seat, i) => system.ActorOf(TaskRunnerActor.CreateProps(seat.Options, sources, seat.Pools.Compute), NameOf(TasksName, i)))];
        IActorRef dataShards = ClusterSharding.Get(system).Start(
            DataShardRegion.TypeName,
            DataShardActor.CreateProps(seats, sources),
            ClusterShardingSettings.Create(system).WithRole(DataShardRegion.Role).WithPassivateIdleAfter(TimeSpan.Zero),   // a shard is idle while its rows are in use
            new DataShardRegion());
        foreach (WorkerSeat seat in seats) system.Log.WorkerStarted(seat.Options.Worker, seat.Pools.Compute.Threads);
        return [.. seats.Zip(tasks, (seat, runner) => new WorkerNode(seat.Worker, runner, dataShards))];
    }

    /// <summary>What the actor of a node's worker is called: the first by the name alone.</summary>
    private static string NameOf(string name, int index) => index == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{index + 1}");

    private static WorkerSeat SeatOf(ActorSystem system, WorkerOptions options, WorkerPools pools, int index)
    {
        options.Validate();
        if (options.Slowdown > 1) pools = pools with { Compute = new SlowedComputePool(pools.Compute, options.Slowdown, TimeProvider.System) };
        options = options with { Storage = options.Storage with { Warn = system.Log.RowCacheRefused } };
        return new WorkerSeat(options, system.ActorOf(WorkerActor.CreateProps(options, pools), NameOf(WorkerName, index)), pools);
    }
}
