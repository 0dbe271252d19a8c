using Cluster.Seed.Progress;
using Cluster.Seed.Telemetry;

namespace Cluster.Seed;

/// <summary>What a node with the role seed runs.</summary>
/// <param name="Progress">Fans the reports of jobs out: /user/progress.</param>
public sealed record SeedNode(IActorRef Progress)
{
    /// <summary>Name of the progress hub's actor below /user.</summary>
    public const string ProgressName = "progress";

    /// <summary>Starts the seed's actors on a node that founds or joins a cluster with the role seed.</summary>
    public static SeedNode Start(ActorSystem system) => Start(system, null);

    /// <summary>Starts the seed's actors.</summary>
    /// <param name="system">Of a node that founds or joins a cluster with the role seed.</param>
    /// <param name="metrics">Told what jobs report; null if no figures are collected.</param>
    internal static SeedNode Start(ActorSystem system, JobMetrics? metrics) => new(system.ActorOf(ProgressHubActor.CreateProps(metrics), ProgressName));
}
