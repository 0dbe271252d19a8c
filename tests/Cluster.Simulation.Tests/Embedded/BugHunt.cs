namespace Cluster.Simulation.Tests.Embedded;

/// <summary>Looks for a seed that notices a planted bug.</summary>
internal static class BugHunt
{
    private const int SeedsAtOnce = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    /// <summary>The first of the seeds that notices the bug in the expected way, and passes without it.</summary>
    public static SimulationOutcome First(PlantedBug bug, IEnumerable<int> seeds, Predicate<SimulationOutcome> expected)
    {
        int tried = 0;
        foreach (int[] some in seeds.Chunk(SeedsAtOnce))
        {
            tried += some.Length;
            SimulationOutcome[] outcomes = [.. some.AsParallel().AsOrdered().Select(seed => TrainingSimulation.Run(seed, planted: bug, limit: Limit))];
            if (Array.Find(outcomes, outcome => outcome.Fault is not null && expected(outcome)) is not { } caught) continue;
            TrainingSimulation.Run(caught.Seed).Fault.ShouldBeNull();
            return caught;
        }
        throw new InvalidOperationException($"wanted one of {tried} seeds to notice the bug, got none");
    }
}
