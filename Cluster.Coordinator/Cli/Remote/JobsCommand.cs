using System.CommandLine;
using System.Text.Json.Nodes;
using Cluster.Messages;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>`jobs`: the jobs of a running cluster.</summary>
internal static class JobsCommand
{
    public static Command Create(Terminal terminal)
    {
        ConnectOptions connect = new(ClusterVerbs.AddressDefault);
        Option<bool> json = ClusterVerbs.JsonOption();
        Command command = new("jobs", "Lists the jobs of a running cluster, oldest first.");
        connect.AddTo(command);
        command.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using ClusterApi api = connect.Open(parsed);
            JobList jobs = await api.JobsAsync();
            if (parsed.GetValue(json)) terminal.Json(new JsonObject { ["jobs"] = new JsonArray([.. jobs.Jobs.Select(ClusterVerbs.LineJson)]) });
            else ClusterVerbs.Table(terminal, jobs.Jobs);
            return ExitCode.Success;
        });
        return command;
    }
}
