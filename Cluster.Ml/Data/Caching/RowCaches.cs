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
    /// <exception cref="BadInputException">The source is wrong, or there is no room for its rows.</exception>
    public static RawRows Open(RowSource source, RowStorage storage)
    {
        string stamp = source.Stamp(), identity = source.Identity();
        try
        {
            string path = Path.Combine(OwnFolder.Open(storage.Folder), $"{identity}-v{RowCacheHeader.Version}{Suffix}");
            lock (s_building.GetOrAdd(path, _ => new Lock()))
            {
                if (Find(path, identity, source, storage) is { } found) return found;
                Build(path, identity, stamp, source, storage);
                return Find(path, identity, source, storage) ?? throw new IOException("what was written is read back differently");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            FileError error = FileError.Of(failure, storage.Folder);
            throw new BadInputException(
                source.File, null, null, $"to keep its rows in the data cache {storage.Folder}, {error.Wanted}", error.Got,
                $"{error.Advice}: --data-cache names a folder", failure);
        }
    }

    private static RawRows? Find(string path, string identity, RowSource source, RowStorage storage)
    {
        if (FileStatus.Of(path).Kind == FileKind.None) return null;
        try
        {
            if (RowCacheFile.TryOpen(path, identity, source.File, out string error) is { } rows) return rows;
            storage.Warn?.Invoke($"{path}: {error}; the rows of {source.File} are read again.");
        }
        catch (FileNotFoundException)
        {
            return null;        // another process made room
        }
        return null;
    }

    private static void Build(string path, string identity, string stamp, RowSource source, RowStorage storage)
    {
        string folder = Path.GetDirectoryName(path)!;
        using BuilderSlot slot = BuilderSlot.Take(folder);
        File.Delete(path);
        RowFacts facts;
        using (RowCacheWriter writer = new(slot.Part, source.File, storage.FolderBytesMax))
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
