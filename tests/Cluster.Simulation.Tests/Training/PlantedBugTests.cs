using Cluster.Messages;
using Cluster.Simulation.Tests.Processes;
using Xunit.Abstractions;

namespace Cluster.Simulation.Tests.Training;

public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private static readonly IEnumerable<int> s_any = Enumerable.Range(1, 100);
    private static readonly IEnumerable<int> s_carrying = Enumerable.Range(0, 1000).Select(i => (9 * i) + 8);
    private static readonly IEnumerable<int> s_cut = Enumerable.Range(0, 400).Select(i => 9 + (27 * (i / 2)) + (9 * (i % 2)));

    [Fact]
    public void A_dropped_duplicate_check_is_caught() => ShouldGiveAnotherModel(nameof(PlantedBugs.NoDuplicateCheck), s_any);

    [Fact]
    public void A_sum_in_arrival_order_is_caught() => ShouldGiveAnotherModel(nameof(PlantedBugs.SumInArrivalOrder), s_any);

    [Fact]
    public void A_forgotten_request_is_caught() => ShouldHang(nameof(PlantedBugs.OneRequestForgotten), s_any);

    [Fact]
    public void A_lost_residual_that_is_taken_as_zero_is_caught() => ShouldGiveAnotherModel(nameof(PlantedBugs.LostResidualIsZero), s_carrying);

    [Fact]
    public void A_residual_of_another_step_is_caught() => ShouldGiveAnotherModel(nameof(PlantedBugs.ResidualOfAnyStep), s_carrying);

    [Fact]
    public void A_residual_that_outlives_its_window_is_caught() => ShouldGiveAnotherModel(nameof(PlantedBugs.ResidualOutlivesWindow), s_carrying);

    [Fact]
    public void A_range_that_adds_up_an_older_round_is_caught() => ShouldGiveAnotherModel(nameof(PlantedBugs.RangeAddsOlderRounds), s_cut);

    [Fact]
    public void A_range_that_is_refilled_from_a_stale_moment_is_caught() => ShouldHang(nameof(PlantedBugs.LostRangeIsRefilled), s_cut);

    private void ShouldGiveAnotherModel(string bug, IEnumerable<int> seeds)
    {
        // Not only figures of the evaluation, which are sums as well.
        SimulationReport caught = Caught(bug, seeds, report => report.Failure!.Contains("wanted the model", StringComparison.Ordinal));

        caught.Status.ShouldBeOneOf(nameof(JobStatus.Completed), nameof(JobStatus.StoppedEarly));
    }

    private void ShouldHang(string bug, IEnumerable<int> seeds) =>
        Caught(bug, seeds, report => report.Status.Length == 0).Failure.ShouldNotBeNull().ShouldContain("wanted the job to end");

    private SimulationReport Caught(string bug, IEnumerable<int> seeds, Predicate<SimulationReport> expected)
    {
        SimulationReport caught = BugHunt.First(bug, seeds, expected);
        output.WriteLine(caught.Failure);
        return caught;
    }
}
