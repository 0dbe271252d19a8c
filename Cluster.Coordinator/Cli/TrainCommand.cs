using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Remote;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>`train JOB.yaml`: runs a job on a local cluster, or on a running one.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        JobOptions options = new();
        ConnectOptions connect = new(null);
        Option<bool> resume = new("--resume")
        {
            Description = "Continues from the newest complete checkpoint in --out; starts from the beginning where there is none.",
        };
        Command command = new("train", "Trains a model on a cluster of workers in this process, of processes of this machine, or on a running cluster.");
        options.AddTo(command);
        command.Add(resume);
        connect.AddTo(command);
        command.SetAction((parsed, _) => connect.IsGiven(parsed)
            ? RunRemotelyAsync(terminal, options, connect, parsed, parsed.GetValue(resume))
            : RunAsync(terminal, options, parsed, parsed.GetValue(resume)));
        return command;
    }

    private static async Task<int> RunRemotelyAsync(Terminal terminal, JobOptions options, ConnectOptions connect, ParseResult parsed, bool resume)
    {
        JobSpec spec = options.ReadJob(parsed);
        using ClusterApi api = connect.Open(parsed);
        return await RemoteTraining.RunAsync(terminal, api, spec, options.RunDirectoryOf(parsed, spec), resume, parsed.GetValue(options.Json));
    }

    private static async Task<int> RunAsync(Terminal terminal, JobOptions options, ParseResult parsed, bool resume)
    {
        long start = Stopwatch.GetTimestamp();
        JobSpec spec = options.ReadJob(parsed);
        using RunDirectory run = RunDirectory.Open(options.RunDirectoryOf(parsed, spec), spec, resume);
        using Interruption interruption = new(terminal);
        LocalClusterOptions local = options.Cluster(parsed, run.FullPath);
        SubmitJob submit = new(new JobId(spec.Name), spec.Text, spec.BaseDirectory, run.FullPath, Folds: 0, spec.Priority, spec.Training.Servers);
        SpeedMeter speed = new(ProgressDisplay.For(terminal));

        JobFinished finished = await speed.WhileAsync(async () =>
        {
            await using LocalCluster cluster = await LocalCluster.StartAsync(local, terminal.Say);
            return await JobRun.FollowAsync(cluster, submit, speed, interruption);
        });

        JsonObject result = ResultJson.OfTraining(finished, JobRun.SecondsSince(start), speed.ExamplesPerSecond, local.Workers);
        // A job that failed before its first checkpoint has nothing to go on from: mended, it may begin anew in the same folder.
        if (finished.Status is JobStatus.Completed or JobStatus.StoppedEarly || (finished.Status == JobStatus.Failed && !run.HasCheckpoint))
            run.Finish(result);
        TrainingReport.Show(terminal, finished, result, parsed.GetValue(options.Json));
        return TrainingReport.ExitCodeOf(
            terminal, finished, $"The newest checkpoint is in {run.FullPath}; go on with the same command and --resume.");
    }
}
