namespace Cluster.Simulation.Weaver;

/// <summary>What became of an assembly.</summary>
/// <param name="Woven">How many calls go to hooks.</param>
/// <param name="Unknown">Calls that tell the time, or draw, or wait, for which there is no hook.</param>
internal sealed record WeavingReport(int Woven, IReadOnlyList<string> Unknown);
