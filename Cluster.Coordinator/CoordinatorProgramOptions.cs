using Cluster.Messages.Node;
using Cluster.Messages.Node.Settings;

namespace Cluster.Coordinator;

/// <summary>What the coordinator's program is told.</summary>
internal sealed record CoordinatorProgramOptions : ProgramOptions
{
    private const int JobsAtOnceMax = 64, QueueMax = 4096;
    private const string StorageFiles = "files", StorageDatabase = "database";

    public CoordinatorProgramOptions() => Node = new NodeOptions { Roles = [NodeRoles.Coordinator], Seeds = [SeedAddressDefault] };

    /// <summary>Below which folder each job has its run directory. Default "runs".</summary>
    public string Runs { get; init; } = "runs";

    /// <summary>Where checkpoints and models are kept: "files" in the run directories, or "database", the journal's, where a standby on another machine finds them. Default: database with a PostgreSQL journal, files with SQLite.</summary>
    public string Storage { get; init; } = "";

    /// <summary>How many jobs run at once; the others wait. Default 2. Fewer leave workers idle between the steps of one job; more make each job slower. Limits: 1 to 64.</summary>
    public int JobsAtOnce { get; init; } = CoordinatorLimits.JobsAtOnceDefault;

    /// <summary>How many jobs may wait; further ones are refused. Default 256. Limits: 1 to 4096.</summary>
    public int QueueLimit { get; init; } = CoordinatorLimits.QueueDefault;

    /// <summary>How long there may be no worker before a job fails. Default: for ever. Limits: 1 s to 30 days.</summary>
    public TimeSpan? NoWorkerLimit { get; init; }

    /// <summary>Where data is kept.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>All that can be set.</summary>
    public static SettingList<CoordinatorProgramOptions> Settings { get; } = new SettingList<CoordinatorProgramOptions>(new())
        .AddNode()
        .AddData(o => o.Data, (o, v) => o with { Data = v })
        .Add("runs", nameof(Runs), ValueKind.Text, o => o.Runs, (o, v) => o with { Runs = v },
            "a folder", "Below which folder each job has its run directory.")
        .Add("storage", nameof(Storage), ValueKind.Text, o => o.Storage, (o, v) => o with { Storage = v },
            "files or database; none for database with journal-connection, files otherwise", "Where checkpoints and models are kept.")
        .Add("jobs-at-once", nameof(JobsAtOnce), ValueKind.Whole, o => o.JobsAtOnce, (o, v) => o with { JobsAtOnce = v },
            $"1 to {JobsAtOnceMax}", "How many jobs run at once; the others wait in the queue.")
        .Add("queue-limit", nameof(QueueLimit), ValueKind.Whole, o => o.QueueLimit, (o, v) => o with { QueueLimit = v },
            $"1 to {QueueMax}", "How many jobs may wait; further ones are refused.")
        .Add("no-worker-limit", nameof(NoWorkerLimit), ValueKind.OptionalDuration, o => o.NoWorkerLimit, (o, v) => o with { NoWorkerLimit = v },
            "1s to 720h, or none to wait for ever", "How long there may be no worker before a job fails.");

    public override ImmutableArray<string> Errors()
    {
        ImmutableArray<string>.Builder errors = ImmutableArray.CreateBuilder<string>();
        errors.AddRange(base.Errors());
        errors.AddRange(Data.Errors());
        if (Runs.Trim().Length == 0) errors.Add($"{nameof(Runs)}: wanted a folder, got an empty name");
        if (Storage is not ("" or StorageFiles or StorageDatabase)) errors.Add($"{nameof(Storage)}: wanted {StorageFiles} or {StorageDatabase}, got '{Storage}'");
        if (JobsAtOnce is < 1 or > JobsAtOnceMax) errors.Add($"{nameof(JobsAtOnce)}: wanted 1 to {JobsAtOnceMax}, got {JobsAtOnce}");
        if (QueueLimit is < 1 or > QueueMax) errors.Add($"{nameof(QueueLimit)}: wanted 1 to {QueueMax}, got {QueueLimit}");
        if (NoWorkerLimit is { } limit && (limit < TimeSpan.FromSeconds(1) || limit > TimeSpan.FromDays(30)))
            errors.Add($"{nameof(NoWorkerLimit)}: wanted 00:00:01 to 30.00:00:00, got {limit}");
        return errors.DrainToImmutable();
    }

    /// <summary>Whether checkpoints and models go to the journal's database.</summary>
    public bool StoresInDatabase => Storage == StorageDatabase || (Storage.Length == 0 && Node.JournalConnection is not null);

    /// <summary>The limits of the actors of a node that was started with these.</summary>
    public CoordinatorLimits Limits() => new() { JobsAtOnce = JobsAtOnce, QueueMax = QueueLimit, NoWorkerLimit = NoWorkerLimit };
}
