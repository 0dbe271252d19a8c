using System.CommandLine;
using System.Globalization;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Messages;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>`submit JOB.yaml`: queues a job on a running cluster, and returns at once.</summary>
internal static class SubmitCommand
{
    public static Command Create(Terminal terminal)
    {
        ConnectOptions connect = new(ClusterVerbs.AddressDefault);
        JobFileOptions file = new();
        Option<string?> name = new("--name") { Description = "Overrides the job's name." };
        Option<int?> priority = new("--priority") { Description = $"Overrides the job's priority, -{Limits.PriorityMax} to {Limits.PriorityMax}: of the jobs that wait, the highest begins first." };
        Option<int> folds = new("--folds") { Description = $"Cross-validates with so many folds, 2 to {Limits.ShardCountMax}; 0 trains a model.", DefaultValueFactory = _ => 0 };
        Option<bool> json = ClusterVerbs.JsonOption();
        priority.Require(value => Math.Abs((long)value) <= Limits.PriorityMax, $"-{Limits.PriorityMax} to {Limits.PriorityMax}");
        folds.Require(value => value is 0 or (>= 2 and <= Limits.ShardCountMax), $"0 or 2 to {Limits.ShardCountMax}");
        Command command = new("submit", "Queues a job on a running cluster. Its data must lie where the coordinator and every worker see it under the same path.");
        file.AddTo(command);
        command.Add(name);
        command.Add(priority);
        command.Add(folds);
        connect.AddTo(command);
        command.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            List<string> overrides = [];
            if (parsed.GetValue(name) is { } named) overrides.Add($"name={named}");
            if (parsed.GetValue(priority) is { } urgent) overrides.Add(string.Create(CultureInfo.InvariantCulture, $"priority={urgent}"));
            AskedJob job = file.Ask(parsed, overrides);
            JobSpec spec = job.Spec;
            JobNotes.Tell(terminal, job);
            using ClusterApi api = connect.Open(parsed);
            JobAccepted accepted = await api.SubmitAsync(Submission(spec, parsed.GetValue(folds)));
            ClusterVerbs.Show(terminal, accepted, parsed.GetValue(json));
            if (NothingStarted(accepted) is { } advice) terminal.Say(advice);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Advice for the name of an ended job, which submitting again does not start; null if the job runs or waits.</summary>
    internal static string? NothingStarted(JobAccepted accepted) => accepted.Status switch
    {
        JobStatus.Completed or JobStatus.StoppedEarly =>
            $"{accepted.Job}: a job of this name has ended already, so that nothing was started; `cluster watch {accepted.Job}` shows its result, `--name OTHER` trains anew.",
        JobStatus.Failed or JobStatus.Cancelled =>
            $"{accepted.Job}: a job of this name was begun already, so that nothing was started; `cluster resume {accepted.Job}` lets it go on, `--name OTHER` begins anew.",
        _ => null,
    };

    /// <summary>The job as it is submitted: its data named by absolute paths.</summary>
    public static JobSubmission Submission(JobSpec spec, int folds = 0) => new(new JobId(spec.Name), spec.Text, spec.BaseDirectory, folds, spec.Priority, spec.Training.Servers);
}
