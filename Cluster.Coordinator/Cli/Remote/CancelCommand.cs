using System.CommandLine;
using System.Text.Json.Nodes;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>`cancel JOB`: ends a job that runs or waits, after a checkpoint.</summary>
internal static class CancelCommand
{
    public static Command Create(Terminal terminal) => ClusterVerbs.JobVerb(
        "cancel", "Ends a job that runs or waits, after a checkpoint; `resume` lets it go on.", async (parsed, connect, job, json) =>
        {
            using ClusterApi api = connect.Open(parsed);
            await api.CancelAsync(job);
            if (json) terminal.Json(new JsonObject { ["job"] = job.Value, ["status"] = "cancelling" });
            else terminal.Result($"{job}: will end after a checkpoint");
            return ExitCode.Success;
        });
}
