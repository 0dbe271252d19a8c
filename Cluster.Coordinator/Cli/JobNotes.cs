using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>What was found out about a job that its file does not say: the task that its target shows, and the rows that a database gave.</summary>
internal static class JobNotes
{
    /// <summary>Tells a person.</summary>
    public static void Tell(Terminal terminal, AskedJob job)
    {
        job.Query?.Tell(terminal);
        if (job.Spec.TaskFound is { } found) terminal.Say($"model.task: {found}; write it into the job to say otherwise.");
    }

    /// <summary>Adds it to a result.</summary>
    public static void AddTo(JsonObject result, AskedJob job)
    {
        AddTo(result, job.Spec);
        if (job.Query is { } query) result["query"] = query.ToJson();
    }

    /// <summary>Adds the task to a result, where the kind of model learns either classes or numbers.</summary>
    public static void AddTo(JsonObject result, JobSpec spec)
    {
        if (JobFile.TaskOf(spec) is { } task) result["task"] = task;
    }
}
