namespace Cluster.Actors.Tests;

/// <summary>Tests with real sockets, deadlines or a count of the process's memory: one at a time, when the others are done.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealTime
{
    /// <summary>What classes name in their attribute.</summary>
    public const string Name = "real time";
}
