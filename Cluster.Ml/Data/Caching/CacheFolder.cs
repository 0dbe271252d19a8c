using System.Text.RegularExpressions;

namespace Cluster.Ml.Data.Caching;

/// <summary>What lies in an <see cref="OwnFolder"/> and can be had again: row caches, which are files, and copies of data sources, which are folders.</summary>
public static partial class CacheFolder
{
    /// <summary>Stands in the name of whatever is being written, or was when its writer died.</summary>
    public const string UnfinishedMark = ".part";

    private static readonly EnumerationOptions s_withoutLinks = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
    };

    /// <summary>
    /// Removes the oldest until so many bytes more fit the folder. What is unfinished stays, what cannot be removed, and everything
    /// whose name is not that of a row cache or of a copy.
    /// </summary>
    /// <param name="folder">The folder; there may be none yet.</param>
    /// <param name="bytes">How many bytes are to come.</param>
    /// <param name="bytesMax">How many may be there then.</param>
    public static void MakeRoom(string folder, long bytes, long bytesMax)
    {
        DirectoryInfo directory = new(folder);
        if (!directory.Exists) return;
        (FileSystemInfo Item, long Bytes)[] items = [.. directory.GetFileSystemInfos().Where(IsOurs).Select(item => (item, BytesOf(item)))];
        long used = items.Sum(item => item.Bytes);
        foreach ((FileSystemInfo oldest, long freed) in items.Where(item => IsFinished(item.Item)).OrderBy(item => item.Item.LastWriteTimeUtc))
        {
            if (used <= bytesMax - bytes) return;
            if (TryRemove(oldest)) used -= freed;
        }
    }

    private static bool IsOurs(FileSystemInfo item) => item.LinkTarget is null && (IsFinished(item) || Unfinished().IsMatch(item.Name));

    private static bool IsFinished(FileSystemInfo item) => item is DirectoryInfo ? Copy().IsMatch(item.Name) : RowCache().IsMatch(item.Name);

    private static long BytesOf(FileSystemInfo item)
    {
        try
        {
            return item is DirectoryInfo folder ? folder.EnumerateFiles("*", s_withoutLinks).Sum(file => file.Length) : ((FileInfo)item).Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
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

    [GeneratedRegex(@"\A[0-9a-f]{64}-v[0-9]+\.rows\z")]
    private static partial Regex RowCache();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Copy();

    [GeneratedRegex(@"\A(builder-[0-9]+\.part.*|[0-9a-f]{64}\.part-[0-9a-f]{16})\z")]
    private static partial Regex Unfinished();
}
