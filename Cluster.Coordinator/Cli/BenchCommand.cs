using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Bench;

namespace Cluster.Coordinator.Cli;

/// <summary>`bench TASK`: one of the named performance tasks.</summary>
internal static class BenchCommand
{
    private const int ThreadsMax = 256, EpochsMin = 2, EpochsMax = 10_000;
    private const double BytesPerMegabyte = 1e6;

    public static Command Create(Terminal terminal)
    {
        Argument<string> name = new("TASK") { Description = string.Join(", ", BenchTasks.All.Select(task => task.Name)) };
        name.AcceptOnlyFromAmong([.. BenchTasks.All.Select(task => task.Name)]);
        Option<int> threads = new("--threads") { Description = $"Cores it may use, 1 to {ThreadsMax} (default: 1).", DefaultValueFactory = _ => 1 };
        Option<int> workers = new("--workers") { Description = "Worker nodes that share these cores, where the task trains (default: 1).", DefaultValueFactory = _ => 1 };
        Option<bool> quick = new("--quick") { Description = "A small size, to see that it runs." };
        Option<int?> epochs = new("--epochs") { Description = $"Epochs of a training, {EpochsMin} to {EpochsMax} (default: the task's own); the time is the median of those after the first." };
        Option<ulong> seed = new("--seed") { Description = "The job's seed (default: 42).", DefaultValueFactory = _ => Ml.Jobs.JobDefaults.Seed };
        Option<string?> data = new("--data") { Description = "The task's data set, or the folder with all of them (default: shared/data, here or above)." };
        Option<bool> json = new("--json") { Description = "Prints one JSON object as the last line of standard output." };
        threads.Require(value => value is >= 1 and <= ThreadsMax, $"1 to {ThreadsMax}");
        workers.Require(value => value is >= 1 and <= ThreadsMax, $"1 to {ThreadsMax}");
        seed.Require(_ => true, $"0 to {ulong.MaxValue}");
        epochs.Require(value => value is >= EpochsMin and <= EpochsMax, $"{EpochsMin} to {EpochsMax}");
        Command command = new("bench", "Runs one of the named performance tasks.") { name, threads, workers, quick, epochs, seed, data, json };
        command.SetAction((parsed, _) => RunAsync(
            terminal, BenchTasks.Find(parsed.GetRequiredValue(name))!,
            new BenchSettings(parsed.GetValue(threads), parsed.GetValue(workers), parsed.GetValue(quick), parsed.GetValue(seed), parsed.GetValue(data))
            {
                Epochs = parsed.GetValue(epochs),
            },
            parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, BenchTask task, BenchSettings settings, bool json)
    {
        IReadOnlyList<BenchRow> rows = await task.RunAsync(settings, terminal);
        using Process process = Process.GetCurrentProcess();
        double peak = Math.Round(process.PeakWorkingSet64 / BytesPerMegabyte, 1);
        if (json)
        {
            terminal.Json(ToJson(task, settings, rows, peak));
            return ExitCode.Success;
        }
        foreach (BenchRow row in rows)
            terminal.Result($"{row.Task} {row.Variant}".TrimEnd() + $"  {Number(row.Seconds)} {row.Unit}  "
                + string.Join("  ", row.Figures.Select(figure => $"{figure.Name} {Number(figure.Value)}")));
        terminal.Result($"{settings.Threads} threads, {settings.Workers} workers, peak memory {Number(peak)} MB");
        return ExitCode.Success;
    }

    /// <summary>The main row's figures (of a comparison: the last), what they were measured with, and all rows.</summary>
    private static JsonObject ToJson(BenchTask task, BenchSettings settings, IReadOnlyList<BenchRow> rows, double peak)
    {
        BenchRow main = rows[0].Variant.Length > 0 ? rows[^1] : rows[0];
        JsonObject result = main.ToJson();
        result["task"] = task.Name;
        result["threads"] = settings.Threads;
        result["workers"] = settings.Workers;
        result["peak_memory_mb"] = peak;
        result["rows"] = new JsonArray([.. rows.Select(row => row.ToJson())]);
        return result;
    }

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
