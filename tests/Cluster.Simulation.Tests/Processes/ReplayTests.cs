namespace Cluster.Simulation.Tests.Processes;

public sealed class ReplayTests
{
    private static readonly int[] s_seeds = [3, 17, 42, 5];

    [Fact]
    public void The_same_seed_replays_the_same_history_in_one_process_whatever_ran_there_before()
    {
        using SimulatingProcess process = new();
        SimulationReport[] first = [.. s_seeds.Select(seed => process.Run(new SimulationRequest(seed)))];
        SimulationReport[] again = [.. s_seeds.Reverse().Select(seed => process.Run(new SimulationRequest(seed)))];

        foreach ((SimulationReport once, SimulationReport twice) in first.Zip(again.Reverse())) ShouldBeTheSame(once, twice);
    }

    [Fact]
    public void The_same_seed_replays_the_same_history_in_another_process()
    {
        using SimulatingProcess warm = new();
        foreach (int seed in s_seeds)
        {
            using SimulatingProcess fresh = new();
            ShouldBeTheSame(fresh.Run(new SimulationRequest(seed)), warm.Run(new SimulationRequest(seed)));
        }
    }

    [Fact]
    public void A_history_that_is_written_down_is_the_same_as_one_that_is_not()
    {
        string file = Path.GetTempFileName();
        try
        {
            using SimulatingProcess process = new();
            ShouldBeTheSame(process.Run(new SimulationRequest(17)), process.Run(new SimulationRequest(17, TraceFile: file)));
            File.ReadLines(file).Count().ShouldBeGreaterThan(1000);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Other_seeds_have_other_histories()
    {
        using SimulatingProcess process = new();
        process.Run(new SimulationRequest(9)).TraceHash.ShouldNotBe(process.Run(new SimulationRequest(36)).TraceHash);       // of the same job
    }

    private static void ShouldBeTheSame(SimulationReport once, SimulationReport twice)
    {
        twice.TraceHash.ShouldBe(once.TraceHash, $"seed {once.Seed}");
        (twice.Took, twice.Messages, twice.Crashes, twice.Grants, twice.Model).ShouldBe((once.Took, once.Messages, once.Crashes, once.Grants, once.Model));
    }
}
