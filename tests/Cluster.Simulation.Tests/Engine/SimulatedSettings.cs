using System.Globalization;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;
using Cluster.Messages.Hosting;
using Cluster.Messages.Node;
using Cluster.Messages.Wire;
using Cluster.Simulation.Tests.Storage;
using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Engine;

/// <summary>What a node's configuration is overlaid with, so that it runs in the world: threads, clock, network, journal. All else is as in production.</summary>
internal static class SimulatedSettings
{
    private const int FrameBytesMax = Limits.MessageBytesMax + (16 * 1024);

    private static readonly Config s_same = ConfigurationFactory.ParseString(Text());

    private static readonly Config s_defaults = ClusterSharding.DefaultConfig()
        .WithFallback(ClusterSingleton.DefaultConfig())
        .WithFallback(DistributedPubSub.DefaultConfig())
        .WithFallback(Akka.DistributedData.DistributedData.DefaultConfig())
        .WithFallback(Persistence.DefaultConfig());

    /// <summary>The configuration of a life.</summary>
    public static Config Of(NodeLife life, NodeOptions options, Config production) =>
        ConfigurationFactory.ParseString($"{SimulatedWorld.LifeSetting} = {life.Index}")
            .WithFallback(s_same).WithFallback(ConfigurationFactory.ParseString(Network(options))).WithFallback(production).WithFallback(s_defaults);

    /// <summary>What <see cref="NodeHosting"/> says by methods of the generic host, which is not there.</summary>
    private static string Network(NodeOptions options) => string.Create(CultureInfo.InvariantCulture, $$"""
        akka {
          remote.dot-netty.tcp { hostname = "{{options.Address.Host}}", port = {{options.Address.Port}}, maximum-frame-size = {{FrameBytesMax}}b }
          cluster {
            roles = [{{string.Join(", ", options.Roles)}}]
            failure-detector {
              heartbeat-interval = {{options.HeartbeatInterval.TotalMilliseconds:0}}ms
              acceptable-heartbeat-pause = {{options.AcceptablePause.TotalMilliseconds:0}}ms
              threshold = {{options.SuspicionThreshold}}
            }
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            split-brain-resolver { active-strategy = keep-majority, keep-majority.role = "{{options.SplitRole}}" }
          }
        }
        """);

    private static string Text()
    {
        string executor = $$"""{ executor = "{{NameOf<SimulatedExecutorConfigurator>()}}", throughput = 1, throughput-deadline-time = 0ms }""";
        return $$"""
        akka {
          scheduler.implementation = "{{NameOf<SimulatedScheduler>()}}"
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor {
            default-dispatcher {{executor}}
            internal-dispatcher {{executor}}
            default-blocking-io-dispatcher {{executor}}
            default-mailbox.mailbox-type = "{{NameOf<TracingMailbox>()}}"
            mailbox.unbounded-deque-based.mailbox-type = "{{NameOf<TracingDequeMailbox>()}}"
            mailbox.requirements { "Akka.Dispatch.IUnboundedMessageQueueSemantics" = akka.actor.default-mailbox }
          }
          remote {
            enabled-transports = ["akka.remote.simulated"]
            simulated { transport-class = "{{NameOf<SimulatedTransport>()}}", applied-adapters = [], transport-protocol = tcp }
            default-remote-dispatcher {{executor}}
            backoff-remote-dispatcher {{executor}}
          }
          persistence {
            journal.plugin = "akka.persistence.journal.simulated"
            journal.simulated {
              class = "{{NameOf<SimulatedJournal>()}}"
              plugin-dispatcher = "akka.actor.default-dispatcher"
              replay-dispatcher = "akka.actor.default-dispatcher"
            }
            snapshot-store.plugin = "akka.persistence.no-snapshot-store"
            dispatchers {
              default-plugin-dispatcher {{executor}}
              default-replay-dispatcher {{executor}}
              default-stream-dispatcher {{executor}}
            }
          }
        }
        """;
    }

    private static string NameOf<T>() => $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";
}
