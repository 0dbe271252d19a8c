using System.CommandLine;
using Cluster.Coordinator.Local;
using Cluster.Ml.Jobs;

namespace Cluster.Coordinator.Cli;

/// <summary>The arguments that every verb which runs a job on a local cluster shares.</summary>
internal sealed class JobOptions
{
    private readonly JobFileOptions _file = new();
    private readonly ClusterSize _size = new();

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Where checkpoints and the model go (default: runs/NAME).",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Prints one JSON object as the last line of standard output." };

    public void AddTo(Command command)
    {
        _file.AddTo(command);
        _size.AddTo(command);
        command.Add(_out);
        command.Add(Json);
    }

    /// <summary>Reads the job file with its overrides.</summary>
    /// <exception cref="Ml.Data.BadInputException">The file or an override is wrong.</exception>
    public JobSpec ReadJob(ParseResult parsed)
    {
        JobSpec spec = _file.Read(parsed, []);
        WaitingWriter.LetGo(spec.Data.Source);
        return spec;
    }

    /// <summary>The cluster that the job runs on.</summary>
    public LocalClusterOptions Cluster(ParseResult parsed, string runDirectory) => _size.Of(parsed, runDirectory);

    public string RunDirectoryOf(ParseResult parsed, JobSpec spec) =>
        Path.GetFullPath(parsed.GetValue(_out) ?? Path.Combine("runs", spec.Name));
}
