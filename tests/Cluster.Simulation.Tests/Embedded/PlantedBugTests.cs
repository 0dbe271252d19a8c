using Cluster.Coordinator.ParameterServer;
using Cluster.Messages;
using Xunit.Abstractions;

namespace Cluster.Simulation.Tests.Embedded;

public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const int SeedsMax = 60;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Fact]
    public void A_dropped_duplicate_check_is_caught() => ShouldGiveAnotherModel(PlantedBugs.NoDuplicateCheck);

    [Fact]
    public void A_sum_in_arrival_order_is_caught() => ShouldGiveAnotherModel(PlantedBugs.SumInArrivalOrder);

    [Fact]
    public void A_forgotten_request_is_caught()
    {
        SimulationOutcome caught = FirstFault(PlantedBugs.OneRequestForgotten, outcome => outcome.Finished is null);

        caught.Fault.ShouldNotBeNull().ShouldContain("wanted the job to end");
    }

    private void ShouldGiveAnotherModel(RoundRules bug)
    {
        // Not only figures of the evaluation, which are sums as well.
        SimulationOutcome caught = FirstFault(bug, outcome => outcome.Fault!.Contains("wanted the model", StringComparison.Ordinal));

        caught.Finished!.Status.ShouldBeOneOf(JobStatus.Completed, JobStatus.StoppedEarly);
    }

    /// <summary>The first seed that notices the bug in the expected way, and passes without it.</summary>
    private SimulationOutcome FirstFault(RoundRules bug, Predicate<SimulationOutcome> expected)
    {
        for (int seed = 1; seed <= SeedsMax; seed++)
        {
            SimulationOutcome outcome = TrainingSimulation.Run(seed, rules: bug, limit: Limit);
            if (outcome.Fault is null || !expected(outcome)) continue;
            output.WriteLine(outcome.Fault);
            TrainingSimulation.Run(seed).Fault.ShouldBeNull();
            return outcome;
        }
        throw new InvalidOperationException($"wanted one of {SeedsMax} seeds to notice the bug, got none");
    }
}
