using Cluster.Coordinator.ParameterServer;
using Cluster.Worker.Training;

namespace Cluster.Simulation.Tests.Training;

/// <summary>What is wrong with the code of a run, to show that the simulation would notice.</summary>
internal sealed record PlantedBug
{
    /// <summary>Nothing is.</summary>
    public static PlantedBug None { get; } = new();

    /// <summary>How the parameter server sums, asks again and places ranges.</summary>
    public RoundRules Rounds { get; init; } = RoundRules.Default;

    /// <summary>What workers carry, and what they add.</summary>
    public WorkerRules Workers { get; init; } = WorkerRules.Default;

    /// <summary>What is wrong with the lease.</summary>
    public AuthorityBug Authority { get; init; }
}
