namespace Cluster.Ml.Data.Caching;

/// <summary>A folder of things that can be had again: row caches, which are files, and copies of data sources, which are folders.</summary>
public static class CacheFolder
{
    /// <summary>Stands in the name of whatever is being written, or was when its writer died.</summary>
    public const string UnfinishedMark = ".part";

    /// <summary>Removes the oldest until so many bytes more fit the folder. What is unfinished stays, and what cannot be removed.</summary>
    /// <param name="folder">The folder; there may be none yet.</param>
    /// <param name="bytes">How many bytes are to come.</param>
    /// <param name="bytesMax">How many may be there then.</param>
    public static void MakeRoom(string folder, long bytes, long bytesMax)
    {
        DirectoryInfo directory = new(folder);
        if (!directory.Exists) return;
        (FileSystemInfo Item, long Bytes)[] items = [.. directory.GetFileSystemInfos().Select(item => (item, BytesOf(item)))];
        long used = items.Sum(item => item.Bytes);
        foreach ((FileSystemInfo oldest, long freed) in items.Where(item => !item.Item.Name.Contains(UnfinishedMark, StringComparison.Ordinal)).OrderBy(item => item.Item.LastWriteTimeUtc))
        {
            if (used <= bytesMax - bytes) return;
            if (TryRemove(oldest)) used -= freed;
        }
    }

    private static long BytesOf(FileSystemInfo item)
    {
        try
        {
            return item is DirectoryInfo folder ? folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) : ((FileInfo)item).Length;
        }
        catch (IOException)
        {
            return 0;       // another process has removed it
        }
    }

    private static bool TryRemove(FileSystemInfo item)
    {
        try
        {
            if (item is DirectoryInfo folder) folder.Delete(recursive: true);
            else item.Delete();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
