using System.CommandLine;
using Cluster.Coordinator.Local;
using Cluster.Ml.Data.Caching;

namespace Cluster.Coordinator.Cli;

/// <summary>Flags for the size of a cluster on this machine, and for its data folders.</summary>
internal sealed class ClusterSize
{
    private const int WorkersMax = 64;
    private const int ThreadsMax = 256;

    private readonly Option<int?> _workers = new("--workers");

    private readonly Option<int?> _threads = new("--threads")
    {
        Description = $"Cores that one worker may use, 1 to {ThreadsMax} (default: the cores shared out among the workers).",
    };

    private readonly Option<bool> _processes = new("--processes");
    private readonly DataFlags _data = new();

    /// <param name="result">What does not depend on the size.</param>
    /// <param name="otherwise">What happens without --workers.</param>
    public ClusterSize(string result = "model", string otherwise = "the machine's cores")
    {
        _workers.Description = $"Workers of the local cluster, 1 to {WorkersMax} (default: {otherwise}). The {result} does not depend on it.";
        _processes.Description = $"Makes each worker a process of its own, reached through TCP on this machine. The {result} does not depend on it.";
    }

    public void AddTo(Command command)
    {
        _workers.Require(value => value is >= 1 and <= WorkersMax, $"1 to {WorkersMax}");
        _threads.Require(value => value is >= 1 and <= ThreadsMax, $"1 to {ThreadsMax}");
        command.Add(_workers);
        command.Add(_threads);
        command.Add(_processes);
        _data.AddTo(command);
    }

    /// <summary>Whether each worker is a separate process.</summary>
    public bool Processes(ParseResult parsed) => parsed.GetValue(_processes);

    /// <summary>Whether the size of a cluster is asked for.</summary>
    public bool IsAsked(ParseResult parsed) => Processes(parsed) || parsed.GetValue(_workers) is not null || parsed.GetValue(_threads) is not null;

    /// <summary>Where data is kept.</summary>
    public RowStorage Storage(ParseResult parsed) => _data.Of(parsed);

    /// <summary>A cluster of that size.</summary>
    public LocalClusterOptions Of(ParseResult parsed, string runDirectory)
    {
        int workers = parsed.GetValue(_workers) ?? Math.Min(WorkersMax, Environment.ProcessorCount);
        int threads = parsed.GetValue(_threads) ?? Math.Max(1, Environment.ProcessorCount / workers);
        return new LocalClusterOptions(workers, threads, runDirectory)
        {
            Processes = Processes(parsed),
            Storage = _data.Of(parsed),
            Verbose = CommandLine.IsVerbose(parsed),
        };
    }
}
