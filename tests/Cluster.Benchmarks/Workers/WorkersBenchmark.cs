using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Bench;

namespace Cluster.Benchmarks.Workers;

/// <summary>
/// Each training task with one worker and with two, a thread each, in turn: how much faster the second one makes it. Each training is so long
/// that its median epoch is one in which nothing is compiled any more. Before each, <see cref="TwoProcessors"/> says what the machine gives
/// two threads; where that changes, the fastest epochs of either kind compare better than the median ones.
/// </summary>
internal static class WorkersBenchmark
{
    private const string Plain = "plain";

    public static Task<int> RunAsync(string[] arguments)
    {
        Argument<string[]> tasks = new("TASK") { Description = "Names of tasks; all that train where none is named.", Arity = ArgumentArity.ZeroOrMore };
        tasks.AcceptOnlyFromAmong([.. Trainings.Select(task => task.Name)]);
        Option<int> runs = new("--runs") { Description = "Trainings of each kind; the median counts (default: 3).", DefaultValueFactory = _ => 3 };
        Option<int> epochs = new("--epochs") { Description = "Epochs of a training (default: 12).", DefaultValueFactory = _ => 12 };
        Option<string?> data = new("--data") { Description = "The folder with the data sets (default: shared/data, here or above)." };
        RootCommand command = new("Trains each task with one worker and with two in turn and prints how much faster two are.") { tasks, runs, epochs, data };
        command.SetAction((parsed, _) => CompareAsync(parsed.GetValue(tasks) ?? [], parsed.GetValue(runs), parsed.GetValue(epochs), parsed.GetValue(data)));
        return command.Parse(arguments).InvokeAsync();
    }

    private static IEnumerable<BenchTask> Trainings => BenchTasks.All.Where(task => task is TrainingTask);

    private static async Task<int> CompareAsync(IReadOnlyList<string> names, int runs, int epochs, string? data)
    {
        Console.WriteLine("| task | one worker: median, fastest | two workers | times: median, fastest | machine, least to most | same model |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (BenchTask task in Trainings.Where(task => names.Count == 0 || names.Contains(task.Name)))
        {
            List<JsonObject>[] rows = [[], []];
            List<double> machine = [];
            for (int run = 0; run < 2 * runs; run++)
            {
                machine.Add(TwoProcessors.Measure());
                Finished finished = await MeasuredProcess.RunAsync("dotnet", Arguments(task, 1 + (run % 2), epochs, data));
                if (finished.ExitCode != 0)
                {
                    Console.Error.WriteLine($"{finished.Command} ended with {finished.ExitCode}: {finished.Messages}");
                    return 1;
                }
                rows[run % 2].AddRange(finished.JsonLines[^1]["rows"]!.AsArray().Select(row => row!.AsObject()).Where(row => Variant(row) != Plain));
            }
            machine.Add(TwoProcessors.Measure());
            Times one = Times.Of(rows[0]), two = Times.Of(rows[1]);
            bool same = rows.SelectMany(row => row).Select(row => row["model_sha256"]!.GetValue<string>()).Distinct().Count() == 1;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {task.Name} | {one} | {two} {rows[0][0]["unit"]} | {one.Median / two.Median:F2}, {one.Fastest / two.Fastest:F2} "
                + $"| {machine.Min():F2}–{machine.Max():F2} | {(same ? "yes" : "no")} |"));
        }
        return 0;
    }

    private static List<string> Arguments(BenchTask task, int workers, int epochs, string? data)
    {
        string count = Text(workers);
        List<string> arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "cluster.dll"), "bench", task.Name, "--workers", count, "--threads", count, "--epochs", Text(epochs), "--json",
        ];
        if (data is not null) arguments.AddRange(["--data", data]);
        return arguments;
    }

    private static string? Variant(JsonObject row) => row["variant"]?.GetValue<string>();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Times of some trainings, an epoch.</summary>
    /// <param name="Median">The median training's median.</param>
    /// <param name="Fastest">The fastest of all.</param>
    private readonly record struct Times(double Median, double Fastest)
    {
        public static Times Of(IReadOnlyList<JsonObject> rows) =>
            new(Sorted(rows, "seconds")[rows.Count / 2], Sorted(rows, "seconds_best")[0]);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:G4}, {Fastest:G4}");

        private static double[] Sorted(IEnumerable<JsonObject> rows, string figure) =>
            [.. rows.Select(row => row[figure]!.GetValue<double>()).Order()];
    }
}
