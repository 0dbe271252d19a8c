using System.CommandLine;
using System.Globalization;
using Cluster.Coordinator.Cli.Queries;
using Cluster.Coordinator.Cli.Runs;

namespace Cluster.Coordinator.Cli;

/// <summary>The job file and what overrides it.</summary>
internal sealed class JobFileOptions
{
    private readonly Argument<string> _file = new("JOB.yaml") { Description = "The job file." };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Overrides one key of the job file: --set training.epochs=5. Repeatable.",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<ulong?> _seed = new("--seed") { Description = "Overrides the job's seed." };

    public void AddTo(Command command)
    {
        _seed.Require(_ => true, $"0 to {ulong.MaxValue}");
        command.Add(_file);
        command.Add(_set);
        command.Add(_seed);
    }

    /// <summary>Reads the job file with its overrides; rows of a database are written to a file.</summary>
    /// <param name="parsed">The flags.</param>
    /// <param name="more">Further overrides, from flags of the verb's own.</param>
    /// <exception cref="Ml.Data.BadInputException">The file or an override is wrong.</exception>
    public AskedJob Ask(ParseResult parsed, IEnumerable<string> more)
    {
        List<string> overrides = [.. parsed.GetValue(_set) ?? [], .. more];
        if (parsed.GetValue(_seed) is { } seed) overrides.Add($"seed={seed.ToString(CultureInfo.InvariantCulture)}");
        string file = parsed.GetRequiredValue(_file);
        return QuerySource.ReadJob(file, overrides);
    }
}
