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

    /// <summary>
    /// A seed that is told of no others is its own first: it listens for a cluster that misses it before it founds one, lest after a
    /// restart it stays alone beside the cluster that went on.
    /// </summary>
    protected override NodeOptions NodeOf(SeedProgramOptions options) =>
        options.Node is { Seeds.IsEmpty: true, Address.Port: > 0 } alone ? alone with { Seeds = [alone.Address] } : options.Node;

    protected override void AddRole(AkkaConfigurationBuilder builder, SeedProgramOptions options) =>
        builder.WithSeed(options.Metrics is null ? null : new JobMetrics());

    protected override async Task<IAsyncDisposable?> ServeAsync(ClusterNode node, SeedProgramOptions options, NodeHealth health) =>
        await ApiServer.StartAsync(node, options.Http, health);

    protected override Task<string> DutyAsync(ClusterNode node, TimeSpan deadline) => Task.FromResult("contact point");
}
