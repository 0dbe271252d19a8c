using Cluster.Messages.Identifiers;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Jobs;
using Cluster.Worker.Training;

namespace Cluster.Worker;

/// <summary>What a worker node is told at its start.</summary>
/// <param name="Worker">The node's name, unique in the cluster.</param>
/// <param name="OrphanTimeout">
/// How long a job's shards and state are kept after its parameter server was lost, for a new one to take them over.
/// Default <see cref="OrphanTimeoutDefault"/>. Too short: a coordinator that restarts slowly finds the data gone, and it is
/// loaded again. Too long: the memory of a job that is not resumed stays taken.
/// </param>
public sealed record WorkerOptions(WorkerId Worker, TimeSpan OrphanTimeout)
{
    /// <summary>Ten minutes: longer than any restart of a coordinator.</summary>
    public static readonly TimeSpan OrphanTimeoutDefault = TimeSpan.FromMinutes(10);

    /// <summary>The most that a worker can be slowed down.</summary>
    public const double SlowdownMax = 1000;

    /// <summary>
    /// How many times as long as it takes each computation is made to take: a straggler, to try a job's mode with. The node is
    /// idle for the rest of that time, as if its processor were slower. Default 1: not at all.
    /// </summary>
    public double Slowdown { get; init; } = 1;

    /// <summary>
    /// Whether this node sees a data source; one that it does not see is fetched from the job's coordinator. Default: whatever
    /// file or folder is there.
    /// </summary>
    public Func<string, bool> SeesData { get; init; } = Path.Exists;

    /// <summary>
    /// Where rows that are too many for memory are kept, and in the same folder, under the same limit, data sources that were fetched.
    /// Limit too low: a job whose data is larger fails; two jobs that take turns fetch theirs each time.
    /// </summary>
    public RowStorage Storage { get; init; } = RowStorage.Default;

    /// <summary>
    /// What jobs of strangers may have this node read from its own disks; what they may not is fetched from the coordinator, if that reads it.
    /// Default: null, for jobs that are this process's own user's.
    /// </summary>
    public DataRoots? Roots { get; init; }

    /// <summary>What the worker carries, and what it adds.</summary>
    internal WorkerRules Rules { get; init; } = WorkerRules.Default;

    /// <summary>A worker with every default.</summary>
    public WorkerOptions(WorkerId worker)
        : this(worker, OrphanTimeoutDefault)
    {
    }

    /// <summary>Whether this node sees all files of a job's data.</summary>
    internal bool Sees(DataSpec data) => !data.IsRead || (SeesFile(data.Source) && (data.Text?.TestSource is not { } test || SeesFile(test)));

    /// <summary>Reads for a job: from the files that it names, or from the folder to which they were copied.</summary>
    internal T Read<T>(string? folder, Func<T> read) => DataRoots.Read(folder is null ? Roots : Roots?.And(folder), read);

    private bool SeesFile(string path) => Roots?.Allows(path) != false && SeesData(path);

    /// <summary>Every error of the options in one message.</summary>
    /// <exception cref="ArgumentException">A name is empty or too long, a time is not positive, or the slowdown is out of range.</exception>
    public void Validate()
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(Worker.Value) || Worker.Value.Length > 200)
            errors.Add($"Worker: wanted a name of 1 to 200 characters, got '{Worker.Value}'");
        if (OrphanTimeout <= TimeSpan.Zero)
            errors.Add($"OrphanTimeout: wanted more than 0, got {OrphanTimeout}");
        if (!(Slowdown >= 1 && Slowdown <= SlowdownMax))
            errors.Add(FormattableString.Invariant($"Slowdown: wanted 1 to {SlowdownMax}, got {Slowdown}"));
        errors.AddRange(Storage.Errors());
        if (errors.Count > 0) throw new ArgumentException($"WorkerOptions: {string.Join("; ", errors)}.");
    }
}
