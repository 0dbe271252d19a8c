using Cluster.Messages.Node;
using Cluster.Messages.Node.Health;
using Cluster.Messages.Node.Settings;

namespace Cluster.Worker;

/// <summary>The program of a worker node.</summary>
public sealed class WorkerProgram : NodeProgram<WorkerProgramOptions>
{
    public override string Name => "worker";

    public override string Summary => "Runs a worker: a node that holds data shards and computes what they contribute.";

    public override SettingList<WorkerProgramOptions> Settings => WorkerProgramOptions.Settings;

    protected override string WorkPath => $"/user/{WorkerNode.WorkerName}";

    protected override Task<IAsyncDisposable?> StartAsync(ClusterNode node, WorkerProgramOptions options, NodeHealth health)
    {
        WorkerNode.Start(node.System, options.ActorsOf(node), new WorkerPools(node.Compute));
        return Task.FromResult<IAsyncDisposable?>(null);
    }

    protected override Task<string> DutyAsync(ClusterNode node, TimeSpan deadline) => Task.FromResult("joined");
}
