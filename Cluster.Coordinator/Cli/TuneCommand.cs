using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;
using Cluster.Ml.Tasks.Tuning;

namespace Cluster.Coordinator.Cli;

/// <summary>`tune JOB.yaml`: searches the values that the job's section tune names, and trains a model with the best.</summary>
internal static class TuneCommand
{
    private const string Verb = "tune", ResultFileName = "tune.json", BestFileName = "best.yaml";

    public static Command Create(Terminal terminal)
    {
        JobOptions options = new($"The folder of the results: {ResultFileName}, {BestFileName} and the model (default: a new numbered folder, runs/NAME-tune/0001).");
        Option<bool> resume = new("--resume") { Description = "Goes on with the unfinished search in --out, else with the newest unfinished one; from the beginning where there is none." };
        Command command = new(Verb, "Searches good values for keys of a job (its section tune); the trials run in parallel, one a worker at a time.");
        options.AddTo(command);
        command.Add(resume);
        command.SetAction((parsed, _) => RunAsync(terminal, options, parsed, parsed.GetValue(resume)));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, JobOptions options, ParseResult parsed, bool resume)
    {
        long start = Stopwatch.GetTimestamp();
        AskedJob job = options.ReadJob(parsed);
        JobSpec spec = job.Spec;
        JobNotes.Tell(terminal, job);
        TaskRegistry.Of(TrialKind.KindName).Require(new TaskJob(spec, ""));
        using TaskRunDirectory run = TaskRunDirectory.Open(options.OutOf(parsed) ?? NumberedOf(spec, resume), Verb, spec.Text, resume);
        using Interruption interruption = new(terminal);
        LocalClusterOptions local = options.Cluster(parsed, run.Work);
        SubmitJob submit = new(
            new JobId(spec.Name), spec.Text, spec.BaseDirectory, run.Work, new TaskOrder(TrialKind.KindName, ""), spec.Priority, spec.Training.Servers);
        TrialDisplay display = new(terminal, spec, ProgressDisplay.For(terminal));
        JobFinished finished = await display.WhileAsync(async () =>
        {
            await using LocalCluster cluster = await LocalCluster.StartAsync(local, terminal.Say);
            return await JobRun.FollowAsync(cluster, submit, display, interruption);
        });
        if (finished.Status is JobStatus.Failed) run.OnFailed(finished.FailureKind ?? FailureKind.Internal);
        if (finished.Status is not (JobStatus.Completed or JobStatus.StoppedEarly))
            return TrainingReport.ExitCodeOf(terminal, finished, $"The trials that have ended are kept in {run.Home}; go on with the same command and --resume.");
        Conclude(terminal, parsed.GetValue(options.Json), run, spec, finished, JobRun.SecondsSince(start), local.Workers);
        return ExitCode.Success;
    }

    private static void Conclude(Terminal terminal, bool json, TaskRunDirectory run, JobSpec spec, JobFinished finished, double seconds, int workers)
    {
        TaskReport[] trials = [.. finished.Tasks.Select(TrialText.ReportOf)];
        string best = TrialKind.BestJob(spec, trials)!;
        bool trained = finished.ModelPath.Length > 0;
        if (trained) finished = finished with { ModelPath = Path.Combine(run.Home, Jobs.FileModelStore.FileName) };
        JsonObject training = ResultJson.OfTraining(finished, seconds, double.NaN, workers, trained ? run.Work : null);
        JsonObject result = Result(run, spec, trials, training, trained);
        JobNotes.AddTo(training, spec);
        JobNotes.AddTo(result, spec);
        List<KeyValuePair<string, string>> files = [new(BestFileName, best)];
        if (trained) files.AddRange([new(RunFiles.JobFileName, best), new(RunFiles.ResultFileName, training.ToJsonString())]);
        run.Conclude([.. files, new(ResultFileName, result.ToJsonString())]);
        if (json) terminal.Json(result);
        else Show(terminal, spec, trials, result, training, finished, trained);
    }

    private static JsonObject Result(TaskRunDirectory run, JobSpec spec, TaskReport[] trials, JsonObject training, bool trained)
    {
        int best = TrialKind.BestOf(spec, trials)!.Value;
        JsonObject result = new()
        {
            ["job"] = spec.Name,
            ["search"] = spec.Tune!.Search,
            ["compared_by"] = TrialKind.FigureOf(spec).Name,
            ["trials"] = new JsonArray([.. trials.Select((trial, index) => TrialText.Json(spec, index, trial))]),
            ["best"] = TrialText.Json(spec, best, trials[best]),
            ["importance"] = new JsonObject(KeyImportance.Of(spec, trials).Select(key => KeyValuePair.Create(key.Key, (JsonNode?)Math.Round(key.Value, 6)))),
            ["best_job"] = Path.Combine(run.Home, BestFileName),
            ["seconds"] = training["seconds"]?.DeepClone(),
            ["workers"] = training["workers"]?.DeepClone(),
        };
        if (TrialText.ElbowOf(spec, trials) is { } elbow) result["elbow"] = elbow;
        if (!trained) return result;
        foreach (string name in new[] { "model", "model_sha256", "file_sha256", "steps", "epochs", "metrics" }) result[name] = training[name]?.DeepClone();
        return result;
    }

    private static void Show(Terminal terminal, JobSpec spec, TaskReport[] trials, JsonObject result, JsonObject training, JobFinished finished, bool trained)
    {
        foreach (string line in TrialText.Table(spec, trials, terminal.Width)) terminal.Result(line);
        terminal.Result($"compared by {result["compared_by"]} of the {TrialFigures.SplitOf(spec).ToString().ToLowerInvariant()} rows, {TrialKind.FigureOf(spec).Better.ToString().ToLowerInvariant()} is better");
        if (result["elbow"] is { } elbow) terminal.Result($"elbow of the inertia at {elbow} clusters");
        foreach ((string key, JsonNode? share) in result["importance"]!.AsObject())
            terminal.Result($"importance {FigureText.Of("", share!.GetValue<double>(), 3)}  {key}");
        terminal.Result($"best job   {result["best_job"]}");
        if (trained) TrainingReport.Show(terminal, finished, training, json: false);
    }

    /// <summary>The folder of the newest unfinished search if one is resumed; else a new folder.</summary>
    private static string NumberedOf(JobSpec spec, bool resume)
    {
        string root = Path.GetFullPath(Path.Combine("runs", $"{spec.Name}-{Verb}"));
        if (resume && NumberedRuns.Of(root).LastOrDefault(folder => Directory.Exists(TaskRunDirectory.WorkOf(folder, Verb))) is { } begun) return begun;
        (string added, FileStream held) = NumberedRuns.Add(root);
        held.Dispose();
        return added;
    }
}
