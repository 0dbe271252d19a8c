using System.CommandLine;
using Cluster.Coordinator.Cli.Runs;
using Cluster.Coordinator.Local;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>The arguments that every verb which runs a job on a local cluster shares.</summary>
internal sealed class JobOptions
{
    private readonly JobFileOptions _file = new();
    private readonly ClusterSize _size = new();

    private readonly Option<string?> _out;

    /// <param name="outIs">What --out names; null for the folder of a run.</param>
    public JobOptions(string? outIs = null) => _out = new("--out")
    {
        Description = outIs ?? "The folder of checkpoints and model; an earlier result there is replaced by a whole one (default: a new numbered folder, runs/NAME/0001, with runs/NAME/latest beside it).",
    };

    private readonly PrivacyFlags _privacy = new();

    public Option<bool> Json { get; } = new("--json") { Description = "Prints one JSON object as the last line of standard output." };

    public void AddTo(Command command)
    {
        _file.AddTo(command);
        _size.AddTo(command);
        command.Add(_out);
        _privacy.AddTo(command);
        command.Add(Json);
    }

    /// <summary>Reads the job file with its overrides.</summary>
    /// <exception cref="Ml.Data.BadInputException">The file or an override is wrong.</exception>
    public AskedJob ReadJob(ParseResult parsed)
    {
        AskedJob job = _file.Ask(parsed, []);
        if (job.Spec.Data.IsRead) WaitingWriter.LetGo(job.Spec.Data.Source);
        return job;
    }

    /// <summary>The cluster that the job runs on.</summary>
    public LocalClusterOptions Cluster(ParseResult parsed, string runDirectory) => _privacy.Of(parsed, _size.Of(parsed, runDirectory));

    /// <summary>The folder that --out names; null if it names none.</summary>
    public string? OutOf(ParseResult parsed) => parsed.GetValue(_out) is { } named ? Path.GetFullPath(named) : null;

    /// <summary>Where the job's run goes.</summary>
    public RunPlace PlaceOf(ParseResult parsed, JobSpec spec) => OutOf(parsed) is { } named
        ? new RunPlace(named, IsNumbered: false) : new RunPlace(Path.GetFullPath(Path.Combine("runs", spec.Name)), IsNumbered: true);
}
