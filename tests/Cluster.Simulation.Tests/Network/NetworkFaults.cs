namespace Cluster.Simulation.Tests.Network;

/// <summary>What the network does to what it carries. Without any change it only delays.</summary>
internal sealed record NetworkFaults
{
    /// <summary>Probability that something is lost.</summary>
    public double Loss { get; init; }

    /// <summary>Probability that it comes twice.</summary>
    public double Duplication { get; init; }

    /// <summary>Probability that it may overtake others of its connection, or be overtaken.</summary>
    public double Reordering { get; init; }

    public TimeSpan DelayMin { get; init; } = TimeSpan.FromMilliseconds(0.5);

    public TimeSpan DelayMax { get; init; } = TimeSpan.FromMilliseconds(0.5);
}
