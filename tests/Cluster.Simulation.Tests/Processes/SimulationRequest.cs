namespace Cluster.Simulation.Tests.Processes;

/// <summary>A history that is wanted: one line of a simulating process's input.</summary>
/// <param name="Seed">Keys all its random numbers.</param>
/// <param name="Faults">Whether anything goes wrong.</param>
/// <param name="Bug">What is wrong with the code, by the name of the planted bug; null for nothing.</param>
/// <param name="Limit">Virtual time after which the job counts as hanging; null for the usual.</param>
/// <param name="TraceFile">Where a line for every message and log line goes; null for nowhere.</param>
internal sealed record SimulationRequest(int Seed, bool Faults = true, string? Bug = null, TimeSpan? Limit = null, string? TraceFile = null);
