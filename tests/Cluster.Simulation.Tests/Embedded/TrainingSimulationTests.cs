using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Cluster.Simulation.Tests.Embedded;

public sealed class TrainingSimulationTests(ITestOutputHelper output)
{
    private static readonly int s_seedsDefault = Environment.GetEnvironmentVariable("CI") is "true" ? 500 : 100;

    [Theory]
    [InlineData(0, "network")]
    [InlineData(1, "private")]
    [InlineData(3, "clusters")]
    [InlineData(5, "folds")]
    [InlineData(14, "search")]
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
        SimulationOutcome outcome = TrainingSimulation.Run(seed, faults: false);

        output.WriteLine($"{job}: {outcome.Finished?.Status} after {outcome.Finished?.Steps} steps, {outcome.Took} virtual, {outcome.Messages} messages");
        outcome.Fault.ShouldBeNull();
        outcome.Finished!.Job.Value.ShouldBe(job);
    }

    [Fact]
    public void Through_all_faults_every_seed_gives_the_model_of_the_sequential_trainer()
    {
        (int first, int count) = Seeds();
        Stopwatch clock = Stopwatch.StartNew();

        using StreamWriter? trace = Environment.GetEnvironmentVariable("CLUSTER_SIMULATION_TRACE") is { Length: > 0 } file && count == 1 ? new(file) : null;
        SimulationOutcome[] outcomes = [.. Enumerable.Range(first, count).AsParallel().Select(seed => TrainingSimulation.Run(seed, trace: trace))];

        output.WriteLine(
            $"{count} seeds, {clock.Elapsed.TotalMilliseconds / count:F1} ms each; {outcomes.Sum(o => o.Crashes)} crashes, {outcomes.Sum(o => o.Grants)} leases, " +
            $"{outcomes.Sum(o => o.Messages)} messages, at most {outcomes.Max(o => o.Took)} of virtual time");
        outcomes.Select(outcome => outcome.Fault).Where(fault => fault is not null).ShouldBeEmpty();
    }

    [Fact]
    public void A_slow_worker_is_overtaken_by_the_others()
    {
        SimulationOutcome outcome = TrainingSimulation.Run(4, faults: false);

        Dictionary<string, double> exchange = outcome.Finished!.Exchange.ToDictionary(figure => figure.Name, figure => figure.Value);
        output.WriteLine(string.Join("  ", exchange));
        exchange["speculated_micro_batches"].ShouldBeGreaterThan(0);
        exchange["speculation_won"].ShouldBeGreaterThan(0);
    }

    [Fact]
    public void With_bounded_staleness_the_fast_run_ahead_of_a_slow_worker_as_far_as_the_bound()
    {
        SimulationOutcome outcome = TrainingSimulation.Run(6, faults: false);

        outcome.Fault.ShouldBeNull();
        outcome.Finished!.Exchange.Single(figure => figure.Name == "staleness_steps_most").Value.ShouldBe(2);
    }

    // Else the seeds of the job with feedback would say nothing of what happens when a residual is lost.
    [Fact]
    public void Workers_are_lost_within_windows_and_those_begin_again()
    {
        SimulationOutcome[] outcomes = [.. Enumerable.Range(0, 10).AsParallel().Select(i => TrainingSimulation.Run((9 * i) + 8))];

        outcomes.Select(outcome => outcome.Fault).Where(fault => fault is not null).ShouldBeEmpty();
        outcomes.Sum(outcome => outcome.Finished!.Exchange.Single(figure => figure.Name == "windows_repeated").Value).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Through_all_faults_several_servers_give_the_model_of_one()
    {
        int[] seeds = [.. Enumerable.Range(0, s_seedsDefault / 4).Select(i => 9 + (27 * (i / 2)) + (9 * (i % 2)))];
        SimulationOutcome[] outcomes = [.. seeds.AsParallel().Select(seed => TrainingSimulation.Run(seed))];

        output.WriteLine($"{outcomes.Sum(outcome => outcome.Crashes)} crashes, {outcomes.Sum(outcome => outcome.Messages)} messages");
        outcomes.Select(outcome => outcome.Fault).Where(fault => fault is not null).ShouldBeEmpty();
        outcomes.Select(outcome => outcome.Finished!.ModelSha256).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void The_same_seed_replays_the_same_run()
    {
        foreach (int seed in new[] { 3, 17, 42 })
        {
            SimulationOutcome first = TrainingSimulation.Run(seed), again = TrainingSimulation.Run(seed);

            again.TraceHash.ShouldBe(first.TraceHash);
            again.Took.ShouldBe(first.Took);
        }
        TrainingSimulation.Run(3).TraceHash.ShouldNotBe(TrainingSimulation.Run(4).TraceHash);
    }

    private static (int First, int Count) Seeds()
    {
        if (Number("CLUSTER_SIMULATION_SEED") is { } one) return (one, 1);
        return (Number("CLUSTER_SIMULATION_FIRST") ?? 1, Number("CLUSTER_SIMULATION_SEEDS") ?? s_seedsDefault);
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
