using System.Collections.Concurrent;
using Cluster.Ml.Export;

namespace Cluster.Ml.Data.Caching;

/// <summary>The row caches of a folder: each is named by what decides its rows, so that jobs, folds and processes share one.</summary>
internal static class RowCaches
{
    private const string Suffix = ".rows";

    /// <summary>Who asks for a cache that another thread builds waits for it.</summary>
    private static readonly ConcurrentDictionary<string, Lock> s_building = [];

    /// <summary>The rows of the source, from the cache that holds them, or from one that is built now.</summary>
    /// <param name="source">The source.</param>
    /// <param name="storage">Where the cache is.</param>
    /// <param name="streams">Whether rows are read when one is looked at; otherwise they are mapped.</param>
    /// <exception cref="BadInputException">The source is wrong, or there is no room for its rows.</exception>
    public static RawRows Open(RowSource source, RowStorage storage, bool streams = false)
    {
        try
        {
            return OpenKept(source, storage, streams);
        }
        catch (SinkFullException)
        {
            throw new BadInputException(
                source.File, null, null, $"rows that fit a data cache of {storage.FolderBytesMax} bytes", "more", "raise data-cache-limit, or leave out rows or columns");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unkept(source.File, storage, failure);
        }
    }

    /// <summary>The same rows, read when one is looked at; null, with a warning, where the folder does not take them.</summary>
    /// <exception cref="BadInputException">The source is wrong.</exception>
    public static RawRows? TryStream(RowSource source, RowStorage storage)
    {
        try
        {
            return OpenKept(source, storage, streams: true);
        }
        catch (Exception failure) when (failure is SinkFullException or IOException or UnauthorizedAccessException)
        {
            string why = failure is SinkFullException ? $"they take more than the {storage.FolderBytesMax} bytes of data-cache-limit" : failure.Message;
            storage.Warn?.Invoke($"{source.File}: its rows cannot be kept in the data cache {storage.Folder} ({why}); this process holds all of them in memory.");
            return null;
        }
    }

    /// <summary>The error of a folder that does not take rows.</summary>
    public static BadInputException Unkept(string file, RowStorage storage, Exception failure)
    {
        FileError error = FileError.Of(failure, storage.Folder);
        return new BadInputException(
            file, null, null, $"to keep its rows in the data cache {storage.Folder}, {error.Wanted}", error.Got, $"{error.Advice}: --data-cache names a folder", failure);
    }

    /// <summary>The rows of a cache; null, with a warning where it is damaged, if there is none.</summary>
    public static RawRows? Find(string path, string identity, string file, RowStorage storage, bool streams)
    {
        if (FileStatus.Of(path).Kind == FileKind.None) return null;
        try
        {
            if (RowCacheFile.TryOpen(path, identity, file, streams, out string error) is { } rows) return rows;
            storage.Warn?.Invoke($"{path}: {error}; the rows of {file} are read again.");
        }
        catch (FileNotFoundException)
        {
            return null;        // another process made room
        }
        return null;
    }

    /// <summary>Where the cache of an identity is.</summary>
    public static string PathOf(string identity, RowStorage storage) => Path.Combine(OwnFolder.Open(storage.Folder), $"{identity}-v{RowCacheHeader.Version}{Suffix}");

    private static RawRows OpenKept(RowSource source, RowStorage storage, bool streams)
    {
        string stamp = source.Stamp(), identity = source.Identity(), path = PathOf(identity, storage);
        lock (s_building.GetOrAdd(path, _ => new Lock()))
        {
            if (Find(path, identity, source.File, storage, streams) is { } found) return found;
            Build(path, identity, stamp, source, storage);
            return Find(path, identity, source.File, storage, streams) ?? throw new IOException("what was written is read back differently");
        }
    }

    private static void Build(string path, string identity, string stamp, RowSource source, RowStorage storage)
    {
        string folder = Path.GetDirectoryName(path)!;
        using BuilderSlot slot = BuilderSlot.Take(folder);
        File.Delete(path);
        RowFacts facts;
        using (RowCacheWriter writer = new(slot.Part, storage.FolderBytesMax))
        {
            facts = source.ReadInto(writer);
            writer.Complete(identity, facts);
        }
        if (source.Stamp() != stamp)
            throw new BadInputException(
                source.File, null, null, "a file that stays as it is while it is read", "one that was changed", "start again when nothing writes to it");
        CacheFolder.MakeRoom(folder, 0, storage.FolderBytesMax);      // what was written is in the folder already
        AtomicFile.Move(slot.Part, path);
    }
}
