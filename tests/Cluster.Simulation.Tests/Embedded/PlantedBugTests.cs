using Cluster.Messages;
using Xunit.Abstractions;

namespace Cluster.Simulation.Tests.Embedded;

public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private static readonly IEnumerable<int> s_any = Enumerable.Range(1, 60);
    private static readonly IEnumerable<int> s_carrying = Enumerable.Range(0, 1000).Select(i => (9 * i) + 8);
    private static readonly IEnumerable<int> s_cut = Enumerable.Range(0, 400).Select(i => 9 + (27 * (i / 2)) + (9 * (i % 2)));

    [Fact]
    public void A_dropped_duplicate_check_is_caught() => ShouldGiveAnotherModel(PlantedBugs.NoDuplicateCheck, s_any);

    [Fact]
    public void A_sum_in_arrival_order_is_caught() => ShouldGiveAnotherModel(PlantedBugs.SumInArrivalOrder, s_any);

    [Fact]
    public void A_forgotten_request_is_caught() => ShouldHang(PlantedBugs.OneRequestForgotten, s_any);

    [Fact]
    public void A_lost_residual_that_is_taken_as_zero_is_caught() => ShouldGiveAnotherModel(PlantedBugs.LostResidualIsZero, s_carrying);

    // Rare: mostly the parameter server knows of the loss before the worker that is asked in its place.
    [Fact]
    public void A_lost_residual_that_is_not_told_is_caught() => ShouldGiveAnotherModel(PlantedBugs.LostResidualIsNotTold, s_carrying);

    [Fact]
    public void A_residual_of_another_step_is_caught() => ShouldGiveAnotherModel(PlantedBugs.ResidualOfAnyStep, s_carrying);

    [Fact]
    public void A_residual_that_outlives_its_window_is_caught() => ShouldGiveAnotherModel(PlantedBugs.ResidualOutlivesWindow, s_carrying);

    [Fact]
    public void A_range_that_adds_up_an_older_round_is_caught() => ShouldGiveAnotherModel(PlantedBugs.RangeAddsOlderRounds, s_cut);

    [Fact]
    public void A_range_that_is_refilled_from_a_stale_moment_is_caught() => ShouldHang(PlantedBugs.LostRangeIsRefilled, s_cut);

    private void ShouldGiveAnotherModel(PlantedBug bug, IEnumerable<int> seeds)
    {
        // Not only figures of the evaluation, which are sums as well.
        SimulationOutcome caught = Caught(bug, seeds, outcome => outcome.Fault!.Contains("wanted the model", StringComparison.Ordinal));

        caught.Finished!.Status.ShouldBeOneOf(JobStatus.Completed, JobStatus.StoppedEarly);
    }

    private void ShouldHang(PlantedBug bug, IEnumerable<int> seeds) =>
        Caught(bug, seeds, outcome => outcome.Finished is null).Fault.ShouldNotBeNull().ShouldContain("wanted the job to end");

    private SimulationOutcome Caught(PlantedBug bug, IEnumerable<int> seeds, Predicate<SimulationOutcome> expected)
    {
        SimulationOutcome caught = BugHunt.First(bug, seeds, expected);
        output.WriteLine(caught.Fault);
        return caught;
    }
}
