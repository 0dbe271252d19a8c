using System.Globalization;
using Cluster.Messages;
using Cluster.Ml.Learning;

namespace Cluster.Simulation.Tests.Embedded;

/// <summary>How a run ended.</summary>
/// <param name="Seed">Replays it.</param>
/// <param name="Finished">What the client was told; null if the job never ended.</param>
/// <param name="TraceHash">Of every message of the run, in order.</param>
/// <param name="Took">Virtual time.</param>
/// <param name="Messages">Messages delivered to actors.</param>
/// <param name="Crashes">Nodes killed.</param>
internal sealed record SimulationOutcome(
    int Seed, JobFinished? Finished, ulong TraceHash, TimeSpan Took, long Messages, int Crashes)
{
    /// <summary>What is wrong with it, in one line that replays it; null where nothing is.</summary>
    public string? Fault
    {
        get
        {
            string replay = $"replay: CLUSTER_SIMULATION_SEED={Seed} CLUSTER_SIMULATION_TRACE=trace.txt dotnet test -c Release tests/Cluster.Simulation.Tests --filter Through";
            TrainedModel wanted = SmallJob.Of(Seed).Oracle;
            JobStatus end = wanted.Status == CourseStatus.Completed ? JobStatus.Completed : JobStatus.StoppedEarly;
            if (Finished is null) return $"seed {Seed}: wanted the job to end, got nothing within {Took}; {replay}";
            if (Finished.Status != end) return $"seed {Seed}: wanted {end}, got {Finished.Status} ({Finished.Reason}); {replay}";
            if (Finished.ModelSha256 != wanted.Sha256)
                return $"seed {Seed}: wanted the model {wanted.Sha256[..12]} of the sequential trainer, got {Finished.ModelSha256}; {replay}";
            string figures = Describe(wanted.Steps, wanted.Epsilon ?? double.NaN, wanted.Test.Values.Select(figure => figure.Value));
            string got = Describe(Finished.Steps, Finished.Epsilon, Finished.Test.Select(figure => figure.Value));
            return got == figures ? null : $"seed {Seed}: wanted {figures}, got {got}; {replay}";
        }
    }

    private static string Describe(long steps, double epsilon, IEnumerable<double> test) =>
        FormattableString.Invariant($"{steps} steps, epsilon {epsilon:R}, test {string.Join(' ', test.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}");
}
