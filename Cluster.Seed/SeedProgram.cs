using Cluster.Messages.Node;
using Cluster.Messages.Node.Health;
using Cluster.Messages.Node.Settings;
using Cluster.Seed.Http;
using Cluster.Seed.Telemetry;

namespace Cluster.Seed;

/// <summary>The program of a seed node.</summary>
public sealed class SeedProgram : NodeProgram<SeedProgramOptions>
{
    public override string Name => "seed";

    public override string Summary => "Runs a seed: the contact point through which nodes join, and which people ask.";

    public override SettingList<SeedProgramOptions> Settings => SeedProgramOptions.Settings;

    protected override string WorkPath => $"/user/{SeedNode.ProgressName}";

    protected override async Task<IAsyncDisposable?> StartAsync(ClusterNode node, SeedProgramOptions options, NodeHealth health)
    {
        SeedNode.Start(node.System, options.Metrics is null ? null : new JobMetrics());
        return await ApiServer.StartAsync(node, options.Http, health);
    }

    protected override Task<string> DutyAsync(ClusterNode node, TimeSpan deadline) => Task.FromResult("contact point");
}
