namespace Cluster.Ml.Data.Caching;

/// <summary>Where the rows of tables and images are kept: in memory, or, where a source is too large for that, in a row cache on disk.</summary>
/// <remarks>The rows are the same, bit for bit. Texts are always in memory; one that is too large for it is refused.</remarks>
public sealed record RowStorage
{
    /// <summary>The share of the memory that a process may use which its largest source in memory may take by default: rows take several times their file.</summary>
    private const int MemoryShare = 8;

    /// <summary>The system's folder for temporary files.</summary>
    public static readonly string FolderDefault = Path.GetTempPath();

    /// <summary>16 GiB.</summary>
    public const long FolderBytesMaxDefault = 16L << 30;

    /// <summary>32 MiB: less than what a process takes that holds no rows at all.</summary>
    public const long WholeBytesMaxOfShards = 32L << 20;

    /// <summary>Every default.</summary>
    public static RowStorage Default { get; } = new();

    /// <summary>Where each user's <see cref="OwnFolder"/> of row caches is. Default <see cref="FolderDefault"/>. A folder in memory (tmpfs) would take the memory that a row cache is to spare.</summary>
    public string Folder { get; init; } = FolderDefault;

    /// <summary>How many bytes all caches in the user's own folder may have; the oldest make room for a new one. Default 16 GiB. Too low: a larger source is refused.</summary>
    public long FolderBytesMax { get; init; } = FolderBytesMaxDefault;

    /// <summary>
    /// How many bytes, unpacked, a source may have to be read into memory. Default: an eighth of the memory that the process may
    /// use, at most 1 GiB. 0: every source goes through a row cache. Too high: the process runs out of memory. Too low: every
    /// step scales its rows anew.
    /// </summary>
    public long MemoryBytesMax { get; init; } = Math.Min(DataFile.BytesMax, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare);

    /// <summary>
    /// How many bytes, unpacked, a source may have that is held whole. Of a larger one a process holds the training rows of the shards that are
    /// opened, and reads all others from a row cache when they are looked at. Default: no limit, for a process that looks at all rows in any order.
    /// </summary>
    public long WholeBytesMax { get; init; } = long.MaxValue;

    /// <summary>Told what was found wrong with a row cache that is built anew.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>The same for a process that needs some shards of a source, or none: a node beside others.</summary>
    public RowStorage ForShards() => this with { WholeBytesMax = WholeBytesMaxOfShards };

    /// <summary>The same for work that looks at all rows in any order: a fold.</summary>
    public RowStorage ForAllRows() => this with { WholeBytesMax = long.MaxValue };

    /// <summary>What is wrong with it; nothing if it can be used.</summary>
    public IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Folder)) yield return "Storage.Folder: wanted the path of a folder, got none";
        if (FolderBytesMax < 1) yield return $"Storage.FolderBytesMax: wanted at least 1, got {FolderBytesMax}";
        if (MemoryBytesMax < 0) yield return $"Storage.MemoryBytesMax: wanted at least 0, got {MemoryBytesMax}";
    }

    /// <summary>The storage with what a node's settings say; null leaves the default.</summary>
    public static RowStorage Of(string? folder, long? folderBytesMax, long? memoryBytesMax) => Default with
    {
        Folder = folder ?? Default.Folder,
        FolderBytesMax = folderBytesMax ?? Default.FolderBytesMax,
        MemoryBytesMax = memoryBytesMax ?? Default.MemoryBytesMax,
    };
}
