using System.CommandLine;
using System.Globalization;
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
        folds.Require<int>(value => value is 0 or (>= 2 and <= Limits.ShardCountMax), $"0 or 2 to {Limits.ShardCountMax}");
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
            JobSpec spec = file.Read(parsed, overrides);
            using ClusterApi api = connect.Open(parsed);
            ClusterVerbs.Show(terminal, await api.SubmitAsync(Submission(spec, parsed.GetValue(folds))), parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The job as it is submitted: its data named by absolute paths.</summary>
    public static JobSubmission Submission(JobSpec spec, int folds = 0) => new(new JobId(spec.Name), spec.Text, spec.BaseDirectory, folds, spec.Priority, spec.Training.Servers);
}
