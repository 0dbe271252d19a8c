using Cluster.Messages.Hosting;
using Cluster.Messages.Trust;
using Cluster.Messages.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Cluster.Messages.Node;

/// <summary>The generic host of one node. It ends with the node's actor system.</summary>
internal sealed class NodeHost
{
    private readonly IHost _host;

    /// <summary>Builds the host, and its actor system, in which nothing runs yet.</summary>
    public NodeHost(NodeOptions options, MessageCodecs codecs, LogLevel logLevel, NodeTrust? trust, Action<AkkaConfigurationBuilder>? actors)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = options.SystemName });
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        builder.Services.AddClusterNode(options, codecs, logLevel, trust, actors);
        _host = builder.Build();
        System = _host.Services.GetRequiredService<ActorSystem>();
    }

    /// <summary>The node's actors.</summary>
    public ActorSystem System { get; }

    /// <summary>Starts what was added to the node.</summary>
    public void Start()
    {
        _host.Start();
        System.WhenTerminated.ContinueWith(_ => _host.Dispose(), TaskScheduler.Default);
    }

    /// <summary>Signals belong to the program, which leaves the cluster first, or writes a checkpoint.</summary>
    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
