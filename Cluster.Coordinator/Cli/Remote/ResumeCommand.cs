using System.CommandLine;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>`resume JOB`: lets a job that was cancelled or has failed go on from its checkpoint.</summary>
internal static class ResumeCommand
{
    public static Command Create(Terminal terminal) => ClusterVerbs.JobVerb(
        "resume", "Lets a job that was cancelled or has failed go on from its newest checkpoint.", async (parsed, connect, job, json) =>
        {
            using ClusterApi api = connect.Open(parsed);
            ClusterVerbs.Show(terminal, await api.ResumeAsync(job), json);
            return ExitCode.Success;
        });
}
