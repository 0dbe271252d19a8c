using System.CommandLine;
using System.Globalization;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>The arguments that every verb which runs a job shares.</summary>
internal sealed class JobOptions
{
    private const int WorkersMax = 64;
    private const int ThreadsMax = 256;

    private readonly Argument<string> _file = new("JOB.yaml") { Description = "The job file." };

    private readonly Option<int?> _workers = new("--workers")
    {
        Description = $"Workers of the local cluster, 1 to {WorkersMax} (default: the machine's cores). The model does not depend on it.",
    };

    private readonly Option<int?> _threads = new("--threads")
    {
        Description = $"Cores that one worker may use, 1 to {ThreadsMax} (default: the cores shared out among the workers).",
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Where checkpoints and the model go (default: runs/NAME).",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Overrides one key of the job file: --set training.epochs=5. Repeatable.",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<ulong?> _seed = new("--seed") { Description = "Overrides the job's seed." };

    public Option<bool> Json { get; } = new("--json") { Description = "Prints one JSON object as the last line of standard output." };

    public void AddTo(Command command)
    {
        _workers.Require<int>(value => value is >= 1 and <= WorkersMax, $"1 to {WorkersMax}");
        _threads.Require<int>(value => value is >= 1 and <= ThreadsMax, $"1 to {ThreadsMax}");
        command.Add(_file);
        command.Add(_workers);
        command.Add(_threads);
        command.Add(_out);
        command.Add(_set);
        command.Add(_seed);
        command.Add(Json);
    }

    /// <summary>Reads the job file with its overrides.</summary>
    /// <exception cref="Ml.Data.BadInputException">The file or an override is wrong.</exception>
    public JobSpec ReadJob(ParseResult parsed)
    {
        List<string> overrides = [.. parsed.GetValue(_set) ?? []];
        if (parsed.GetValue(_seed) is { } seed) overrides.Add($"seed={seed.ToString(CultureInfo.InvariantCulture)}");
        return JobFile.Read(parsed.GetRequiredValue(_file), overrides);
    }

    public int Workers(ParseResult parsed) => parsed.GetValue(_workers) ?? Math.Min(WorkersMax, Environment.ProcessorCount);

    public int ThreadsPerWorker(ParseResult parsed) =>
        parsed.GetValue(_threads) ?? Math.Max(1, Environment.ProcessorCount / Workers(parsed));

    public string RunDirectoryOf(ParseResult parsed, JobSpec spec) =>
        Path.GetFullPath(parsed.GetValue(_out) ?? Path.Combine("runs", spec.Name));
}
