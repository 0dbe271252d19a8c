using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Ml.Data;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli.Runs;

/// <summary>A run, as its folder tells it.</summary>
/// <param name="Name">The job and the number, or the job alone if its folder holds one run.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Status">completed, stopped-early, failed, running or unfinished.</param>
/// <param name="Result">What it gave; null if it has not ended.</param>
/// <param name="Ended">When, by the file's time; null if it has not.</param>
/// <param name="Changed">The settings that the run before it had otherwise.</param>
internal sealed record RunLine(string Name, string Folder, string Status, JsonObject? Result, DateTime? Ended, IReadOnlyList<JobDifference> Changed)
{
    // What a person compares first; a job has some of them.
    private static readonly string[] s_figures = ["accuracy", "perplexity", "r2", "rmse", "log-loss", "loss", "elbo", "inertia", "log-likelihood", "bic"];

    /// <summary>The runs of a job: the one that lies in its folder itself, and the numbered ones.</summary>
    public static IEnumerable<RunLine> Of(string job)
    {
        JobSpec? before = null;
        string name = Path.GetFileName(job);
        foreach (string folder in (string[])[job, .. NumberedRuns.Of(job)])
        {
            if (!RunFiles.IsBegun(folder) && !RunFiles.IsWhole(folder)) continue;
            JobSpec? spec = JobOf(folder);
            IReadOnlyList<JobDifference> changed = before is null || spec is null ? [] : JobChange.Between(before, spec);
            yield return Read(folder == job ? name : $"{name}/{Path.GetFileName(folder)}", folder, changed);
            before = spec ?? before;
        }
    }

    /// <summary>The first of the figures that people compare, of a split; empty for none.</summary>
    public string Figure(string split) => s_figures
        .Select(figure => Result?["metrics"]?[split]?[figure] is { } value ? $"{figure} {value.GetValue<double>().ToString("G5", CultureInfo.InvariantCulture)}" : null)
        .FirstOrDefault(text => text is not null) ?? "";

    /// <summary>For scripts.</summary>
    public JsonObject ToJson()
    {
        JsonObject line = new() { ["run"] = Name, ["folder"] = Folder, ["status"] = Status, ["ended"] = Ended?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) };
        foreach (string key in (string[])["epochs", "steps", "seconds", "metrics", "privacy", "model_sha256", "file_sha256"])
            if (Result?[key] is { } value) line[key] = value.DeepClone();
        JsonObject changed = [];
        foreach (JobDifference difference in Changed) changed[difference.Key] = difference.Now;
        line["changed"] = changed;
        return line;
    }

    private static RunLine Read(string name, string folder, IReadOnlyList<JobDifference> changed)
    {
        JsonObject? result = RunFiles.ReadResult(folder);
        string status = (string?)result?["status"] ?? (RunLock.IsTaken(folder) ? "running" : RunFiles.IsBegun(folder) ? "unfinished" : "completed");
        return new RunLine(name, folder, status, result, result is null ? null : File.GetLastWriteTime(Path.Combine(folder, RunFiles.ResultFileName)), changed);
    }

    private static JobSpec? JobOf(string folder)
    {
        string path = Path.Combine(folder, RunFiles.JobFileName);
        try
        {
            return JobFile.ReadWritten(path);
        }
        catch (BadInputException)
        {
            return null;        // of a version that wrote other texts, or none
        }
    }
}
