using Cluster.Messages.Node;
using Cluster.Messages.Node.Settings;

namespace Cluster.Worker;

/// <summary>The program of a worker node.</summary>
public sealed class WorkerProgram : NodeProgram<WorkerProgramOptions>
{
    public override string Name => "worker";

    public override string Summary => "Runs a worker: a node that holds data shards and computes what they contribute.";

    public override SettingList<WorkerProgramOptions> Settings => WorkerProgramOptions.Settings;

    protected override string WorkPath => $"/user/{WorkerNode.WorkerName}";

    protected override void AddRole(AkkaConfigurationBuilder builder, WorkerProgramOptions options) => builder.WithWorker(options.ActorsOf);

    protected override Task<string> DutyAsync(ClusterNode node, TimeSpan deadline) => Task.FromResult("joined");
}
