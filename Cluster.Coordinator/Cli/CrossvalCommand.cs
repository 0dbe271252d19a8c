using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Data.Folds;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Jobs;
using Cluster.Ml.Tasks;

namespace Cluster.Coordinator.Cli;

/// <summary>`crossval JOB.yaml --folds K`: trains K models, each measured on the fold that it did not see.</summary>
internal static class CrossvalCommand
{
    private const string Verb = "crossval", ResultFileName = "crossval.json";

    public static Command Create(Terminal terminal)
    {
        JobOptions options = new($"The folder that the result is written to, as {ResultFileName} (default: none).");
        FoldFlags folds = new();
        Option<bool> resume = new("--resume") { Description = "Goes on with the unfinished folds in --out; from the beginning where there are none." };
        Command command = new(Verb, "Cross-validates a job; the folds run in parallel, one a worker at a time.");
        options.AddTo(command);
        folds.AddTo(command);
        command.Add(resume);
        command.SetAction((parsed, _) => RunAsync(terminal, options, parsed, folds.Of(parsed), parsed.GetValue(resume)));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, JobOptions options, ParseResult parsed, FoldPlan plan, bool resume)
    {
        long start = Stopwatch.GetTimestamp();
        AskedJob job = options.ReadJob(parsed);
        JobSpec spec = job.Spec;
        JobNotes.Tell(terminal, job);
        TaskRegistry.Of(FoldKind.KindName).Require(new TaskJob(spec, plan.ToString()));
        string? output = options.OutOf(parsed);
        if (resume && output is null) return terminal.Fail(ExitCode.Usage, "crossval: wanted --out with --resume, as what has ended is kept there, got none; name the folder.");
        if (spec.Training.EarlyStopping is not null)
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"early stopping needs validation rows, which folds do not have: each fold is trained for all {spec.Training.Epochs} epochs."));
        using TaskRunDirectory? run = output is null ? null : TaskRunDirectory.Open(output, Verb, $"# {plan} folds\n{spec.Text}", resume);
        string directory = run?.Work ?? Directory.CreateTempSubdirectory("cluster-crossval-").FullName;
        try
        {
            return await RunAsync(terminal, options, parsed, job, plan, run, directory, start);
        }
        finally
        {
            if (run is null) Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<int> RunAsync(
        Terminal terminal, JobOptions options, ParseResult parsed, AskedJob job, FoldPlan plan, TaskRunDirectory? run, string directory, long start)
    {
        JobSpec spec = job.Spec;
        using Interruption interruption = new(terminal);
        LocalClusterOptions local = options.Cluster(parsed, directory);
        SubmitJob submit = new(new JobId(spec.Name), spec.Text, spec.BaseDirectory, directory, new TaskOrder(FoldKind.KindName, plan.ToString()), spec.Priority);
        ProgressDisplay display = ProgressDisplay.For(terminal, unit: "folds");
        JobFinished finished = await display.WhileAsync(async () =>
        {
            await using LocalCluster cluster = await LocalCluster.StartAsync(local, terminal.Say);
            return await JobRun.FollowAsync(cluster, submit, display, interruption);
        });
        if (finished.Status == JobStatus.Failed)
        {
            run?.OnFailed(finished.FailureKind ?? FailureKind.Internal);
            return terminal.Fail(ExitCode.Of(finished.FailureKind ?? FailureKind.Internal), finished.Reason);
        }
        if (finished.Status == JobStatus.Cancelled)
        {
            if (run is not null) terminal.Say($"The folds that have ended are kept in {run.Home}; go on with the same command and --resume.");
            return ExitCode.Interrupted;
        }
        JsonObject result = Result(finished, plan, JobRun.SecondsSince(start), local.Workers);
        JobNotes.AddTo(result, job);
        run?.Conclude(new KeyValuePair<string, string>(ResultFileName, result.ToJsonString()));
        Report(terminal, finished, plan, result, parsed.GetValue(options.Json));
        if (run is not null) terminal.Say($"folds written to {Path.Combine(run.Home, ResultFileName)}");
        return ExitCode.Success;
    }

    private static JsonObject Result(JobFinished finished, FoldPlan plan, double seconds, int workers)
    {
        FoldScores scores = ScoresOf(finished);
        JsonObject result = new()
        {
            ["job"] = finished.Job.Value,
            ["folds"] = new JsonArray([.. finished.Tasks.Select(FoldJson)]),
            ["mean"] = Summary(scores.Mean),
            ["stdev"] = Summary(scores.Deviation),
            ["seconds"] = Math.Round(seconds, 3),
            ["workers"] = workers,
        };
        if (plan.Repeats > 1) result["repeats"] = plan.Repeats;
        if (plan.Group is not null) result["group"] = plan.Group;
        if (plan.IsTimeOrdered) result["time_ordered"] = true;
        if (scores.Undefined.Count > 0)
            result["undefined"] = new JsonObject(scores.Undefined.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)JsonValue.Create(figure.Value))));
        if (!double.IsNaN(finished.Epsilon)) result["privacy"] = ResultJson.Privacy(finished);
        return result;
    }

    private static void Report(Terminal terminal, JobFinished finished, FoldPlan plan, JsonObject result, bool json)
    {
        if (json)
        {
            terminal.Json(result);
            return;
        }
        for (int fold = 0; fold < finished.Tasks.Length; fold++)
            terminal.Result(ResultJson.FigureLine(LabelOf(fold, plan), finished.Tasks[fold].Figures));
        FoldScores scores = ScoresOf(finished);
        foreach ((string name, double mean) in scores.Mean.Values)
            terminal.Result($"{name}: mean {FigureText.Of(name, mean)}, standard deviation {FigureText.Of("", scores.Deviation[name]!.Value, 3)}{LeftOut(scores, name)}");
        foreach (string line in ResultJson.PrivacyLines(result)) terminal.Result(line);
    }

    /// <summary>Of repeated folds the second number is the fold's.</summary>
    private static string LabelOf(int index, FoldPlan plan) => plan.Repeats == 1
        ? string.Create(CultureInfo.InvariantCulture, $"fold {index + 1}")
        : string.Create(CultureInfo.InvariantCulture, $"fold {(index / plan.Folds) + 1}.{(index % plan.Folds) + 1}");

    /// <summary>A mean that leaves folds out says so.</summary>
    private static string LeftOut(FoldScores scores, string name)
    {
        int folds = scores.Undefined.FirstOrDefault(figure => figure.Key == name).Value;
        return folds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; without {folds} {(folds == 1 ? "fold" : "folds")} that left it undefined");
    }

    private static FoldScores ScoresOf(JobFinished finished) => FoldScores.Of([.. finished.Tasks.Select(
        fold => new Metrics([.. fold.Figures.Select(figure => KeyValuePair.Create(figure.Name, figure.Value))]))]);

    private static JsonNode FoldJson(TaskOutcome fold)
    {
        JsonObject figures = ResultJson.Figures(fold.Figures);
        figures["model_sha256"] = fold.ModelSha256;
        return figures;
    }

    private static JsonObject Summary(Metrics figures) =>
        new(figures.Values.Select(figure => KeyValuePair.Create(figure.Key, (JsonNode?)ResultJson.Number(figure.Value))));
}
