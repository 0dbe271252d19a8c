namespace Cluster.Coordinator.Tests;

/// <summary>What a node of a test is configured with beside what production says: intervals that a machine alone can keep, and threads that may end.</summary>
internal static class QuickNode
{
    /// <summary>Adds it.</summary>
    public static void Configure(AkkaConfigurationBuilder builder, NodeLife life) => builder.AddSetup(life).AddHocon(Text(), HoconAddMode.Prepend);

    private static string Text()
    {
        // One message a turn, so that a node that dies does not handle what it had in hand.
        string dispatcher = $$"""{ type = Dispatcher, executor = "{{typeof(MortalExecutorConfigurator).AssemblyQualifiedName}}", throughput = 1, throughput-deadline-time = 0ms }""";
        return $$"""
        akka {
          actor {
            default-dispatcher {{dispatcher}}
            internal-dispatcher {{dispatcher}}
          }
          remote {
            default-remote-dispatcher {{dispatcher}}
            backoff-remote-dispatcher {{dispatcher}}
            retry-gate-closed-for = 100ms
            flush-wait-on-shutdown = 100ms
          }
          cluster {
            gossip-interval = 50ms
            leader-actions-interval = 50ms
            periodic-tasks-initial-delay = 10ms
            unreachable-nodes-reaper-interval = 100ms
            seed-node-timeout = 1s
            retry-unsuccessful-join-after = 500ms
            singleton.hand-over-retry-interval = 100ms
            singleton-proxy.singleton-identification-interval = 50ms
            sharding {
              retry-interval = 100ms
              distributed-data { gossip-interval = 50ms, notify-subscribers-interval = 20ms }
            }
            distributed-data { gossip-interval = 50ms, notify-subscribers-interval = 20ms }
          }
        }
        """;
    }
}
