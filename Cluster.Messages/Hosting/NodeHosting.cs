using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Remote.Hosting;
using Cluster.Messages.Node;
using Cluster.Messages.Trust;
using Cluster.Messages.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Cluster.Messages.Hosting;

/// <summary>Builds a node's actor system for the generic host, the same way for production, the local cluster and tests.</summary>
public static class NodeHosting
{
    /// <summary>Bytes of a frame: the largest message, and what the engine puts around it.</summary>
    private const int FrameBytesMax = Limits.MessageBytesMax + (16 * 1024);

    /// <summary>Adds a node's actor system, which the host starts with the actors of its roles.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">How the node is started.</param>
    /// <param name="codecs">All that it may send, receive or journal.</param>
    /// <param name="logLevel">The least important log lines that are still written.</param>
    /// <param name="trust">The trust; null for none, which allows connections within its machine only.</param>
    /// <param name="actors">Adds what the node runs; null for nothing.</param>
    public static IServiceCollection AddClusterNode(
        this IServiceCollection services, NodeOptions options, MessageCodecs codecs, LogLevel logLevel, NodeTrust? trust, Action<AkkaConfigurationBuilder>? actors)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(codecs);
        return services.AddAkka(options.SystemName, builder =>
        {
            builder.WithCustomSerializer("cluster-messages", codecs.All.Select(codec => codec.Type), system => new ClusterMessageSerializer(system, codecs));
            if (options.Alone) builder.WithClustering(new ClusterOptions { Roles = [.. options.Roles] });
            else builder.WithNetwork(options, trust);
            builder.AddHocon(NodeConfiguration.Write(options, logLevel), HoconAddMode.Prepend);
            actors?.Invoke(builder);
        });
    }

    /// <summary>A node among others: its address, its trust, its failure detector, and its split-brain rule.</summary>
    /// <remarks>
    /// The majority, because the number of workers changes while they come and go, so that no quorum could be named; and after a pause, so that all
    /// sides have seen the same when they decide (<c>stable-after</c>, which is text).
    /// </remarks>
    private static void WithNetwork(this AkkaConfigurationBuilder builder, NodeOptions options, NodeTrust? trust)
    {
        if (trust is not null) builder.AddSetup(RemotingTrust.Of(trust));
        builder
            .WithRemoting(new RemoteOptions
            {
                HostName = options.Address.Host,
                Port = options.Address.Port,
                EnableSsl = trust is not null,
                MaxFrameSize = FrameBytesMax,
                SendBufferSize = 2 * FrameBytesMax,
                ReceiveBufferSize = 2 * FrameBytesMax,
            })
            .WithClustering(new ClusterOptions
            {
                Roles = [.. options.Roles],
                SplitBrainResolver = new KeepMajorityOption { Role = options.SplitRole ?? "" },
                FailureDetector = new PhiAccrualFailureDetectorOptions
                {
                    HeartbeatInterval = options.HeartbeatInterval,
                    AcceptableHeartbeatPause = options.AcceptablePause,
                    Threshold = options.SuspicionThreshold,
                },
            });
    }
}
