namespace Cluster.Actors.Simulation;

/// <summary>What the simulated network does to messages between nodes. Without any change it only delays them.</summary>
public sealed record SimulatedFaults
{
    /// <summary>No faults; half a millisecond from node to node.</summary>
    public static SimulatedFaults None { get; } = new();

    /// <summary>All faults at once, at rates under which a job still gets on.</summary>
    public static SimulatedFaults All { get; } = new()
    {
        Loss = 0.02,
        Duplication = 0.02,
        Reordering = 0.05,
        DelayMin = TimeSpan.FromMilliseconds(0.2),
        DelayMax = TimeSpan.FromMilliseconds(20),
    };

    /// <summary>Probability that a message is lost.</summary>
    public double Loss { get; init; }

    /// <summary>Probability that a message comes twice.</summary>
    public double Duplication { get; init; }

    /// <summary>Probability that a message may overtake others of its pair of nodes, or be overtaken.</summary>
    public double Reordering { get; init; }

    public TimeSpan DelayMin { get; init; } = TimeSpan.FromMilliseconds(0.5);

    public TimeSpan DelayMax { get; init; } = TimeSpan.FromMilliseconds(0.5);

    /// <summary>Whether messages travel as bytes where a serializer knows them.</summary>
    public bool Serialize { get; init; } = true;

    /// <summary>Which messages loss, duplication and reordering may befall; all where null.</summary>
    public Func<object, bool>? Befalls { get; init; }
}
