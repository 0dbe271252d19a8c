using Cluster.Messages;

namespace Cluster.Simulation.Tests.Training;

/// <summary>How a run ended.</summary>
/// <param name="Seed">Replays it.</param>
/// <param name="Finished">What the client was told; null if the job never ended.</param>
/// <param name="TraceHash">Of every message of the run, in order.</param>
/// <param name="Took">Virtual time.</param>
/// <param name="Messages">Messages delivered to actors.</param>
/// <param name="Crashes">Nodes killed.</param>
/// <param name="Grants">How often the lease was taken.</param>
/// <param name="Rescues">Nodes that had to be started again by hand, for the cluster had split for good.</param>
/// <param name="Violation">What two writers did to each other, or what the lease should not have granted; null for nothing.</param>
/// <param name="Epochs">What the parameter server said of each epoch, whenever it said it.</param>
internal sealed record SimulationOutcome(
    int Seed, JobFinished? Finished, ulong TraceHash, TimeSpan Took, long Messages, int Crashes, int Grants, int Rescues, string? Violation,
    IReadOnlyList<EpochTrained> Epochs)
{
    /// <summary>What is wrong with it, in one line that replays it; null if nothing is.</summary>
    public string? Failure
    {
        get
        {
            string replay = ReplayOf(Seed);
            if (Violation is not null) return $"seed {Seed}: {Violation}; {replay}";
            if (Finished is null) return $"seed {Seed}: wanted the job to end, got nothing within {Took}; {replay}";
            JobResult wanted = SmallJob.Of(Seed).Oracle, got = JobResult.Of(Finished);
            if (got.Status != wanted.Status) return $"seed {Seed}: wanted {wanted.Status}, got {got.Status} ({Finished.Reason}); {replay}";
            if (SmallJob.Of(Seed).StalenessBound is { } bound) return FindStale(bound) is { } failure ? $"seed {Seed}: {failure}; {replay}" : null;
            if (got.Models != wanted.Models) return $"seed {Seed}: wanted the model {wanted.Models} of the sequential trainer, got {got.Models}; {replay}";
            return got.Figures == wanted.Figures ? null : $"seed {Seed}: wanted {wanted.Figures}, got {got.Figures}; {replay}";
        }
    }

    /// <summary>The one command that replays a seed, and writes what happened.</summary>
    public static string ReplayOf(int seed) =>
        $"replay: CLUSTER_SIMULATION_SEED={seed} CLUSTER_SIMULATION_TRACE=$PWD/trace.txt dotnet test tests/Cluster.Simulation.Tests --filter Through";

    // The model depends on the order of answers; what must hold is that each epoch counts every row once, that nobody ran
    // further ahead than allowed, and that something was learned.
    private string? FindStale(int bound)
    {
        int rows = SmallJob.Of(Seed).TrainingRows;
        foreach (EpochTrained epoch in Epochs)
            if (epoch.Examples != rows) return $"wanted epoch {epoch.Epoch} to count {rows} examples, got {epoch.Examples}";
        double most = Finished!.Exchange.Single(figure => figure.Name == "staleness_steps_most").Value;
        if (most > bound) return $"wanted nobody more than {bound} steps ahead, got {most}";
        double first = Epochs.First(epoch => epoch.Epoch == 0).MeanLoss, last = Epochs[^1].MeanLoss;
        return last < 0.9 * first ? null : $"wanted the loss to fall from {first}, got {last}";
    }
}
