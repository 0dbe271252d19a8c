using System.CommandLine;
using System.Diagnostics;
using Cluster.Messages;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>`watch JOB`: follows a job on a running cluster to its end. Ctrl-C ends the watching, not the job.</summary>
internal static class WatchCommand
{
    public static Command Create(Terminal terminal) => ClusterVerbs.JobVerb(
        "watch", "Follows a job on a running cluster to its end; Ctrl-C ends the watching, not the job.", async (parsed, connect, job, json) =>
        {
            long start = Stopwatch.GetTimestamp();
            using ClusterApi api = connect.Open(parsed);
            SpeedMeter speed = new(ProgressDisplay.For(terminal));
            JobFinished finished = await speed.WhileAsync(() => RemoteRun.FollowAsync(api, job, speed, null));
            TrainingReport.Show(
                terminal, finished, ResultJson.OfTraining(finished, JobRun.SecondsSince(start), speed.ExamplesPerSecond, speed.Workers, folder: null), json);
            return TrainingReport.ExitCodeOf(terminal, finished, $"`cluster resume {job}` lets it go on.");
        });
}
