namespace Cluster.Messages.Node.Settings;

/// <summary>Where a node keeps data that is too large for its memory, or that it does not see. What is null is left to the program's default.</summary>
public sealed record DataOptions
{
    /// <summary>The folder that holds a folder of each user's own. Default: the system's folder for temporary files.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>How many bytes are kept there; the oldest make room. Default 16 GiB. Limits: at least 1 MiB.</summary>
    public long? CacheBytesMax { get; init; }

    /// <summary>How many bytes a data source may have to be read into memory. Default: an eighth of the memory that the process may use, at most 1 GiB. Limits: at least 0.</summary>
    public long? MemoryBytesMax { get; init; }

    /// <summary>Below which folders jobs may name files of this node. Default: none, so that they may name none. Limits: folders; "/" alone for no limit.</summary>
    public ImmutableArray<string> Roots { get; init; } = [];

    /// <summary>The least limit of a folder.</summary>
    public const long CacheBytesMin = 1 << 20;

    /// <summary>Everything that is wrong, each with the option's name in front.</summary>
    public IEnumerable<string> Errors()
    {
        if (CacheFolder is { } folder && folder.Trim().Length == 0) yield return $"{nameof(CacheFolder)}: wanted a folder, got an empty name";
        if (CacheBytesMax < CacheBytesMin) yield return $"{nameof(CacheBytesMax)}: wanted at least {CacheBytesMin}, got {CacheBytesMax}";
    }
}

/// <summary>The settings of programs that read data.</summary>
public static class DataSettings
{
    /// <summary>Adds them to a program's settings.</summary>
    /// <param name="settings">The program's settings.</param>
    /// <param name="get">The options.</param>
    /// <param name="set">The program's options with others.</param>
    /// <returns>The list.</returns>
    public static SettingList<TOptions> AddData<TOptions>(
        this SettingList<TOptions> settings, Func<TOptions, DataOptions> get, Func<TOptions, DataOptions, TOptions> set)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(get);
        ArgumentNullException.ThrowIfNull(set);
        return settings
            .Add(
                "data-roots", nameof(DataOptions.Roots), ValueKind.Folders, o => get(o).Roots, (o, v) => set(o, get(o) with { Roots = v }),
                "folders, links in them followed; / for no limit, where whoever may submit a job may see all that this node's user sees",
                "Below which folders jobs may name files of this node. A worker without the coordinator's data is sent it, and needs none.")
            .Add(
                "data-cache", nameof(DataOptions.CacheFolder), ValueKind.Path, o => get(o).CacheFolder, (o, v) => set(o, get(o) with { CacheFolder = v }),
                "a folder on a disk; none for that of temporary files", "Where rows that are too many for memory, and data that the node does not see, are kept, in a folder cluster-data-USER that is closed to other users.")
            .Add(
                "data-cache-limit", nameof(DataOptions.CacheBytesMax), ValueKind.OptionalBytes, o => get(o).CacheBytesMax, (o, v) => set(o, get(o) with { CacheBytesMax = v }),
                "at least 1MiB; none for 16GiB", "How much is kept there; the oldest makes room.")
            .Add(
                "data-memory", nameof(DataOptions.MemoryBytesMax), ValueKind.OptionalBytes, o => get(o).MemoryBytesMax, (o, v) => set(o, get(o) with { MemoryBytesMax = v }),
                "at least 0; none for an eighth of the memory, at most 1GiB", "The largest data source that is read into memory; of a larger one the rows are read from a row cache, with the same result.");
    }
}
