using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>`crossval JOB.yaml --folds K`: trains K models, each measured on the fold that it did not see.</summary>
internal static class CrossvalCommand
{
    private const int FoldsMax = 100;

    public static Command Create(Terminal terminal)
    {
        JobOptions options = new();
        Option<int> folds = new("--folds") { Description = $"How many folds, 2 to {FoldsMax}.", DefaultValueFactory = _ => 5 };
        folds.Require<int>(value => value is >= 2 and <= FoldsMax, $"2 to {FoldsMax}");
        Command command = new("crossval", "Cross-validates a job; the folds run in parallel, one a worker at a time.");
        options.AddTo(command);
        command.Add(folds);
        command.SetAction((parsed, _) => RunAsync(terminal, options, parsed, parsed.GetValue(folds)));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, JobOptions options, ParseResult parsed, int folds)
    {
        long start = Stopwatch.GetTimestamp();
        JobSpec spec = options.ReadJob(parsed);
        string directory = Directory.CreateTempSubdirectory("cluster-crossval-").FullName;
        try
        {
            using Interruption interruption = new(terminal);
            LocalClusterOptions local = options.Cluster(parsed, directory);
            SubmitJob submit = new(new JobId(spec.Name), spec.Text, spec.BaseDirectory, directory, folds, spec.Priority);
            ProgressDisplay display = ProgressDisplay.For(terminal);
            JobFinished finished = await display.WhileAsync(async () =>
            {
                await using LocalCluster cluster = await LocalCluster.StartAsync(local, terminal.Say);
                return await JobRun.FollowAsync(cluster, submit, display, interruption);
            });
            if (finished.Status == JobStatus.Cancelled) return ExitCode.Interrupted;
            if (finished.Status == JobStatus.Failed)
                return terminal.Fail(ExitCode.Of(finished.FailureKind ?? FailureKind.Internal), finished.Reason);
            Report(terminal, finished, JobRun.SecondsSince(start), local.Workers, parsed.GetValue(options.Json));
            return ExitCode.Success;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Report(Terminal terminal, JobFinished finished, double seconds, int workers, bool json)
    {
        string[] names = [.. finished.Folds[0].Figures.Select(figure => figure.Name)];
        Dictionary<string, double[]> scores = names.ToDictionary(
            name => name, name => finished.Folds.Select(fold => fold.Figures.First(figure => figure.Name == name).Value).ToArray());
        if (json)
        {
            terminal.Json(new JsonObject
            {
                ["job"] = finished.Job.Value,
                ["folds"] = new JsonArray([.. finished.Folds.Select(FoldJson)]),
                ["mean"] = Summary(scores, Mean),
                ["stdev"] = Summary(scores, StandardDeviation),
                ["seconds"] = Math.Round(seconds, 3),
                ["workers"] = workers,
            });
            return;
        }
        for (int fold = 0; fold < finished.Folds.Length; fold++)
            terminal.Result(ResultJson.FigureLine($"fold {fold + 1}", finished.Folds[fold].Figures));
        foreach (string name in names)
            terminal.Result(string.Create(CultureInfo.InvariantCulture,
                $"{name}: mean {Mean(scores[name]):G6}, standard deviation {StandardDeviation(scores[name]):G3}"));
    }

    private static JsonNode FoldJson(FoldFigures fold)
    {
        JsonObject figures = ResultJson.Figures(fold.Figures);
        figures["model_sha256"] = fold.ModelSha256;
        return figures;
    }

    private static JsonObject Summary(Dictionary<string, double[]> scores, Func<double[], double> summarize)
    {
        JsonObject summary = [];
        foreach ((string name, double[] values) in scores) summary[name] = ResultJson.Number(summarize(values));
        return summary;
    }

    private static double Mean(double[] values) => values.Sum() / values.Length;

    /// <summary>The sample's standard deviation, with n − 1.</summary>
    private static double StandardDeviation(double[] values)
    {
        double mean = Mean(values);
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
