using System.Globalization;
using System.Text;
using Cluster.Coordinator.Cli;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Jobs;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Bench;

/// <summary>A task that trains: jobs of Bench/Jobs, run through the same cluster as `train`, one after the other.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Summary">One line for a person.</param>
/// <param name="Jobs">What is trained; if there are several, the first is what the others are compared with.</param>
internal sealed record TrainingTask(string Name, string Summary, params IReadOnlyList<TrainingTask.Job> Jobs) : BenchTask(Name, Summary)
{
    private const int QuickEpochs = 2;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<BenchRow>> RunAsync(BenchSettings settings, Terminal terminal)
    {
        string data = SharedData.Folder(settings);
        List<BenchRow> rows = [];
        foreach (Job job in Jobs)
        {
            BenchRow row = await TrainAsync(job, data, settings, terminal);
            rows.Add(rows.Count == 0 ? row : row with { Figures = [.. row.Figures, ("slowdown", row.Seconds / rows[0].Seconds)] });
        }
        return rows;
    }

    /// <summary>What a job of a task trains.</summary>
    /// <param name="job">The job.</param>
    /// <param name="data">The folder with the data sets.</param>
    /// <param name="overrides">Settings in place of the file's.</param>
    public static JobSpec Read(Job job, string data, IReadOnlyList<string> overrides)
    {
        string text = TextOf(job.File);
        DataSpec wanted = JobFile.Parse(text, job.File, data, overrides).Data;
        List<string> found = [$"data.source={Quoted(SharedData.Find(wanted.Source, data))}"];
        if (wanted.Text?.TestSource is { } test) found.Add($"data.test-source={Quoted(SharedData.Find(test, data))}");
        return JobFile.Parse(text, job.File, data, [.. overrides, .. found]);
    }

    private async Task<BenchRow> TrainAsync(Job job, string data, BenchSettings settings, Terminal terminal)
    {
        JobSpec spec = Read(job, data, OverridesOf(job, settings));
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cluster-bench-");
        try
        {
            EpochClock clock = new(ProgressDisplay.For(terminal));
            JobFinished finished = await clock.WhileAsync(() => FollowAsync(spec, folder.FullName, settings, clock, terminal));
            if (finished.Status is not (JobStatus.Completed or JobStatus.StoppedEarly))
                throw new CommandFailedException(
                    finished.Status == JobStatus.Cancelled ? ExitCode.Interrupted : ExitCode.Of(finished.FailureKind ?? FailureKind.Internal),
                    $"{Name}: {finished.Reason}");
            return RowOf(job, finished, clock.EpochSeconds);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<JobFinished> FollowAsync(
        JobSpec spec, string folder, BenchSettings settings, EpochClock clock, Terminal terminal)
    {
        using Interruption interruption = new(terminal);
        LocalClusterOptions local = new(settings.Workers, settings.ThreadsPerWorker, folder)
        {
            Verbose = terminal.Verbose,
            Secret = PrivacySecret.FromBytes(new byte[PrivacySecret.Length]),      // a public constant: the model is compared and then discarded
        };
        SubmitJob submit = new(new JobId(spec.Name), spec.Text, spec.BaseDirectory, folder, Tasks: null, Priority: 0);
        await using LocalCluster cluster = await LocalCluster.StartAsync(local, terminal.Say);
        return await JobRun.FollowAsync(cluster, submit, clock, interruption);
    }

    private BenchRow RowOf(Job job, JobFinished finished, IReadOnlyList<double> epochs)
    {
        double epoch = Median(epochs);
        List<(string, double)> figures =
            [(job.Rate, job.UnitsPerEpoch / epoch), ("seconds_best", epochs.Min() * job.Epochs), ("epochs", finished.Epochs)];
        figures.AddRange(finished.Test.Select(figure => ($"test_{figure.Name.Replace('-', '_')}", figure.Value)));
        if (!double.IsNaN(finished.Epsilon)) figures.Add(("epsilon", finished.Epsilon));
        return new BenchRow(Name, job.Variant, epoch * job.Epochs, job.Unit, figures) { ModelSha256 = finished.ModelSha256 };
    }

    private static List<string> OverridesOf(Job job, BenchSettings settings)
    {
        List<string> overrides = [$"seed={settings.Seed.ToString(CultureInfo.InvariantCulture)}"];
        if (settings.Quick) overrides.AddRange([$"training.epochs={QuickEpochs}", .. job.QuickSettings]);
        if (settings.Epochs is { } epochs) overrides.Add($"training.epochs={epochs.ToString(CultureInfo.InvariantCulture)}");
        return overrides;
    }

    private static string Quoted(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string TextOf(string file)
    {
        using Stream stream = typeof(TrainingTask).Assembly.GetManifestResourceStream($"bench/{file}")
            ?? throw new InvalidOperationException($"TrainingTask: wanted the job {file} in Bench/Jobs, found none.");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>One job of a task.</summary>
    /// <param name="File">Name of the job file in Bench/Jobs; its data.source is relative to the data folder.</param>
    /// <param name="Rate">Name of the rate, such as samples_per_s.</param>
    /// <param name="UnitsPerEpoch">How many of what the rate counts are in one epoch.</param>
    internal sealed record Job(string File, string Rate, double UnitsPerEpoch)
    {
        /// <summary>Tells the jobs of one task apart.</summary>
        public string Variant { get; init; } = "";

        /// <summary>Of how many epochs the main time is.</summary>
        public double Epochs { get; init; } = 1;

        /// <summary>What the main time is called.</summary>
        public string Unit { get; init; } = "s/epoch";

        /// <summary>Settings for a smaller model, for tasks whose full model takes long even for two epochs.</summary>
        public IReadOnlyList<string> QuickSettings { get; init; } = [];
    }
}
