using Cluster.Simulation.Tests.Training;

namespace Cluster.Simulation.Tests.Processes;

/// <summary>How a history ended: one line of a simulating process's output.</summary>
/// <param name="Seed">Replays it.</param>
/// <param name="Failure">What is wrong with it, in one line that replays it; null if nothing is.</param>
/// <param name="Job">The job's name.</param>
/// <param name="Status">How the job ended; empty if it did not.</param>
/// <param name="Model">The hash of its model; empty if there is none.</param>
/// <param name="TraceHash">Of every message of the history, in order.</param>
/// <param name="Took">Virtual time.</param>
/// <param name="Cost">Processor time.</param>
/// <param name="Messages">Messages delivered to actors.</param>
/// <param name="Crashes">Nodes killed.</param>
/// <param name="Grants">How often the lease was taken.</param>
/// <param name="Rescues">Nodes that had to be started again by hand.</param>
/// <param name="Exchange">The job's figures of its exchange, by name.</param>
internal sealed record SimulationReport(
    int Seed, string? Failure, string Job, string Status, string Model, ulong TraceHash, TimeSpan Took, TimeSpan Cost, long Messages, int Crashes, int Grants, int Rescues,
    Dictionary<string, double> Exchange)
{
    /// <summary>The report of an outcome.</summary>
    public static SimulationReport Of(SimulationOutcome outcome, TimeSpan cost) => new(
        outcome.Seed, outcome.Failure, SmallJob.Of(outcome.Seed).Submit.Job.Value, outcome.Finished?.Status.ToString() ?? "", outcome.Finished?.ModelSha256 ?? "",
        outcome.TraceHash, outcome.Took, cost, outcome.Messages, outcome.Crashes, outcome.Grants, outcome.Rescues,
        outcome.Finished?.Exchange.ToDictionary(figure => figure.Name, figure => figure.Value) ?? []);
}
