using System.Diagnostics;
using System.Globalization;
using Cluster.Simulation.Tests.Processes;
using Xunit.Abstractions;

namespace Cluster.Simulation.Tests.Training;

public sealed class TrainingSimulationTests(ITestOutputHelper output)
{
    private static readonly int s_seedsDefault = Environment.GetEnvironmentVariable("CI") is "true" ? 500 : 100;

    [Theory]
    [InlineData(0, "network")]
    [InlineData(1, "private")]
    [InlineData(3, "clusters")]
    [InlineData(5, "folds")]
    [InlineData(4, "speculating")]
    [InlineData(6, "stale")]
    [InlineData(7, "local")]
    [InlineData(2, "compressed")]
    [InlineData(8, "feedback")]
    [InlineData(17, "rounded")]
    [InlineData(9, "two-servers")]
    [InlineData(18, "three-servers")]
    public void Without_faults_the_cluster_gives_the_model_of_the_sequential_trainer(int seed, string job)
    {
        SimulationReport report = SimulatingProcesses.Run(new SimulationRequest(seed, Faults: false));

        output.WriteLine($"{job}: {report.Status} after {report.Took} virtual, {report.Messages} messages");
        report.Failure.ShouldBeNull();
        report.Job.ShouldBe(job);
        report.Crashes.ShouldBe(0);
    }

    [Fact]
    public void Through_all_faults_every_seed_gives_the_model_of_the_sequential_trainer()
    {
        (int first, int count) = Seeds();
        string? trace = count == 1 ? Environment.GetEnvironmentVariable("CLUSTER_SIMULATION_TRACE") : null;
        Stopwatch clock = Stopwatch.StartNew();

        IReadOnlyList<SimulationReport> reports = SimulatingProcesses.Run(Enumerable.Range(first, count).Select(seed => new SimulationRequest(seed, TraceFile: trace)));

        output.WriteLine(
            $"{count} seeds in {clock.Elapsed.TotalSeconds:F0} s, {reports.Average(r => r.Cost.TotalMilliseconds):F0} ms of processor time each; {reports.Sum(r => r.Crashes)} crashes, " +
            $"{reports.Sum(r => r.Grants)} leases, {reports.Sum(r => r.Rescues)} rescues, {reports.Sum(r => r.Messages)} messages, at most {reports.Max(r => r.Took)} of virtual time");
        reports.Select(report => report.Failure).Where(failure => failure is not null).ShouldBeEmpty();
    }

    // What the seeds above say is worth as much as what goes wrong in them.
    [Fact]
    public void Seeds_have_crashes_and_hand_overs_and_recoveries()
    {
        IReadOnlyList<SimulationReport> reports = SimulatingProcesses.Run(Enumerable.Range(0, 27).Select(seed => new SimulationRequest(seed)));

        reports.Sum(report => report.Crashes).ShouldBeGreaterThan(9);
        reports.Count(report => report.Grants > 1).ShouldBeGreaterThan(5);
        reports.Count(report => report.Exchange.GetValueOrDefault("recoveries") > 0).ShouldBeGreaterThan(5);
    }

    // Else the seeds of the job with feedback would say nothing of what happens when a residual is lost.
    [Fact]
    public void Workers_are_lost_within_windows_and_those_begin_again()
    {
        IReadOnlyList<SimulationReport> reports = SimulatingProcesses.Run(Enumerable.Range(0, 60).Select(i => new SimulationRequest((9 * i) + 8)));

        reports.Select(report => report.Failure).Where(failure => failure is not null).ShouldBeEmpty();
        reports.Sum(report => report.Exchange.GetValueOrDefault("windows_repeated")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_slow_worker_is_overtaken_by_the_others()
    {
        SimulationReport report = SimulatingProcesses.Run(new SimulationRequest(4, Faults: false));

        report.Exchange["speculated_micro_batches"].ShouldBeGreaterThan(0);
        report.Exchange["speculation_won"].ShouldBeGreaterThan(0);
    }

    [Fact]
    public void With_bounded_staleness_the_fast_run_ahead_of_a_slow_worker_as_far_as_the_bound()
    {
        SimulationReport report = SimulatingProcesses.Run(new SimulationRequest(6, Faults: false));

        report.Failure.ShouldBeNull();
        report.Exchange["staleness_steps_most"].ShouldBe(2);
    }

    [Fact]
    public void Through_all_faults_several_servers_give_the_model_of_one()
    {
        IEnumerable<int> seeds = Enumerable.Range(0, s_seedsDefault / 10).Select(i => 9 + (27 * (i / 2)) + (9 * (i % 2)));
        IReadOnlyList<SimulationReport> reports = SimulatingProcesses.Run(seeds.Select(seed => new SimulationRequest(seed)));

        reports.Select(report => report.Failure).Where(failure => failure is not null).ShouldBeEmpty();
        reports.Select(report => report.Model).Distinct().Count().ShouldBe(1);
    }

    private static (int First, int Count) Seeds()
    {
        if (Number("CLUSTER_SIMULATION_SEED") is { } one) return (one, 1);
        return (Number("CLUSTER_SIMULATION_FIRST") ?? 1, Number("CLUSTER_SIMULATION_SEEDS") ?? s_seedsDefault);
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
