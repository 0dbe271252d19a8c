using System.Diagnostics;
using System.Globalization;
using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Jobs;

namespace Cluster.Benchmarks.Stragglers;

/// <summary>
/// Four workers in one process, the first of them slower by a factor: how long each mode of training takes to come to a loss,
/// and what share of their time workers wait. `--quick` trains for a moment, to see that it runs.
/// </summary>
internal static class StragglerBenchmark
{
    private const int Workers = 4;
    private const double Slowdown = 5;
    private const double Target = 0.1;

    // Filters: much to compute for few numbers to send, so that a slow worker is what a step waits for. Plain SGD, so that
    // every mode takes the same steps.
    private const string Job = """
        name: stragglers
        data: { source: digits.csv, scale: minmax }
        model:
          kind: cnn
          layers: [ { reshape: [ 8, 8, 1 ] }, { conv: 32, size: 3, padding: same }, { conv: 32, size: 3, padding: same }, { max-pool: 2 }, { flatten: true } ]
        training: { batch: 128, micro-batches: 8, optimizer: { sgd: { rate: 0.1 } } }
        """;

    private static readonly (string Name, double Slowdown, string[] Settings)[] Trials =
    [
        ("synchronous, no straggler", 1, []),
        ("synchronous", Slowdown, []),
        ("synchronous, speculation", Slowdown, ["training.speculation={after: 2}"]),
        ("stale, bound 0", Slowdown, ["training.mode={stale: {bound: 0}}"]),
        ("stale, bound 1", Slowdown, ["training.mode={stale: {bound: 1}}"]),
        ("stale, bound 4", Slowdown, ["training.mode={stale: {bound: 4}}"]),
        ("stale, bound 8", Slowdown, ["training.mode={stale: {bound: 8}}"]),
        ("local SGD, 4 steps", Slowdown, ["training.mode={local-sgd: {steps: 4}}"]),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        int epochs = arguments.Contains("--quick") ? 2 : 30;
        string data = Path.GetFullPath(Path.Combine(Environment.CurrentDirectory, "deploy", "jobs", "data"));
        Console.WriteLine($"| mode | s to loss {Target} | s in all | idle share | MB published | MB gathered | ahead, mean | ahead, most | speculated | test accuracy |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        JobSpec Spec(string[] settings) => JobFile.Parse(Job, "stragglers.yaml", data, [.. settings, $"training.epochs={epochs}"]);
        await RowAsync("warm-up", 1, Spec([]));     // what is compiled in the first seconds is no mode's time
        foreach ((string name, double slowdown, string[] settings) in Trials) Console.WriteLine(await RowAsync(name, slowdown, Spec(settings)));
        return 0;
    }

    private static async Task<string> RowAsync(string name, double slowdown, JobSpec spec)
    {
        string folder = Directory.CreateTempSubdirectory("cluster-stragglers-").FullName;
        try
        {
            Terminal terminal = new(TextWriter.Null, TextWriter.Null, interactive: false);
            using Interruption interruption = new(terminal);
            LossClock clock = new(ProgressDisplay.For(terminal), Target);
            await using LocalCluster cluster = await LocalCluster.StartAsync(
                new LocalClusterOptions(Workers, 1, folder) { FirstWorkerSlowdown = slowdown }, _ => { });
            clock.Start();
            JobFinished finished = await JobRun.FollowAsync(
                cluster, new SubmitJob(new JobId(spec.Name), spec.Text, spec.BaseDirectory, folder, Tasks: null, Priority: 0), clock, interruption);
            return Row(name, clock, finished);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Row(string name, LossClock clock, JobFinished finished)
    {
        if (finished.Status != JobStatus.Completed) return $"| {name} | {finished.Status}: {finished.Reason} |";
        double Find(string figure) => finished.Exchange.FirstOrDefault(found => found.Name == figure, new NamedFigure(figure, double.NaN)).Value;
        double accuracy = finished.Test.FirstOrDefault(figure => figure.Name == "accuracy").Value;
        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {clock.Reached?.TotalSeconds:F2} | {clock.Elapsed.TotalSeconds:F2} | {Find("idle_share"):F2} | {Find("bytes_published") / 1e6:F0} | {Find("bytes_gathered") / 1e6:F0} | {Find("staleness_steps_mean"):F2} | {Find("staleness_steps_most")} | {Find("speculated_micro_batches")} | {accuracy:F3} |");
    }

    /// <summary>Notes when the mean training loss of an epoch was first at the target.</summary>
    private sealed class LossClock(ProgressDisplay inner, double target) : ProgressDisplay
    {
        private long _start;

        public TimeSpan? Reached { get; private set; }

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

        public void Start() => _start = Stopwatch.GetTimestamp();

        public override Task<T> WhileAsync<T>(Func<Task<T>> work) => inner.WhileAsync(work);

        public override void OnSteps(StepsProgressed progress)
        {
        }

        public override void OnEpoch(EpochProgressed progress)
        {
            if (Reached is null && progress.Training.First(figure => figure.Name == "loss").Value <= target) Reached = Elapsed;
        }
    }
}
