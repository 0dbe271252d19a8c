using Cluster.Simulation.Tests.Processes;

namespace Cluster.Simulation.Tests.Training;

/// <summary>Looks for a seed that notices a planted bug.</summary>
internal static class BugHunt
{
    private const int SeedsAtOnce = 8;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>The first of the seeds that notices the bug in the expected way, and passes without it.</summary>
    /// <exception cref="InvalidOperationException">None does.</exception>
    public static SimulationReport First(string bug, IEnumerable<int> seeds, Predicate<SimulationReport> expected)
    {
        int tried = 0;
        foreach (int[] some in seeds.Chunk(SeedsAtOnce))
        {
            tried += some.Length;
            IReadOnlyList<SimulationReport> reports = SimulatingProcesses.Run(some.Select(seed => new SimulationRequest(seed, Bug: bug, Limit: s_limit)));
            if (reports.FirstOrDefault(report => report.Failure is not null && expected(report)) is not { } caught) continue;
            SimulatingProcesses.Run(new SimulationRequest(caught.Seed)).Failure.ShouldBeNull();
            return caught;
        }
        throw new InvalidOperationException($"{bug}: wanted one of {tried} seeds to notice it, got none");
    }
}
