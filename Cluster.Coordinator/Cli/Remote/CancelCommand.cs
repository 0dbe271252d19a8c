using System.CommandLine;
using System.Text.Json.Nodes;
using Cluster.Messages;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>`cancel JOB`: ends a job that runs or waits, after a checkpoint.</summary>
internal static class CancelCommand
{
    public static Command Create(Terminal terminal) => ClusterVerbs.JobVerb(
        "cancel", "Ends a job that runs or waits, after a checkpoint; `resume` lets it go on.", async (parsed, connect, job, json) =>
        {
            using ClusterApi api = connect.Open(parsed);
            JobStatus before = (await api.DescribeAsync(job)).Line.Status;
            await api.CancelAsync(job);
            string status = before == JobStatus.Cancelled ? ResultJson.StatusName(before) : "cancelling";
            if (json) terminal.Json(new JsonObject { ["job"] = job.Value, ["status"] = status });
            else terminal.Result(before == JobStatus.Cancelled ? $"{job}: was cancelled before" : $"{job}: will end after a checkpoint");
            return ExitCode.Success;
        });
}
