using Microsoft.Data.Sqlite;

namespace Cluster.Coordinator.Checkpoints;

/// <summary>A file could not be written or read for a reason that a person must remove: a full disk, missing rights.</summary>
internal sealed class StorageException : Exception
{
    private const int NoSpaceLeft = 28;         // ENOSPC
    private const int QuotaExceeded = 122;      // EDQUOT
    private const int SqliteFull = 13;          // SQLITE_FULL
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public StorageException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <summary>Says what to do about a failure to write <paramref name="bytes"/> bytes to <paramref name="path"/>.</summary>
    public static StorageException ForWriting(string path, long bytes, Exception cause) => new(
        IsDiskFull(cause)
            ? $"{path}: wanted {bytes} bytes of room, got a full disk; free at least {bytes} bytes there, then resume: the checkpoint before this one is kept."
            : $"{path}: wanted to write {bytes} bytes, got: {cause.Message.TrimEnd('.')}; make the directory writable, then resume.",
        cause);

    /// <summary>Whether what failed, or what caused that, is a disk or a quota without room.</summary>
    public static bool IsDiskFull(Exception cause) => cause switch
    {
        StorageException { InnerException: { } inner } => IsDiskFull(inner),
        SqliteException { SqliteErrorCode: SqliteFull } => true,
        IOException => cause.HResult is NoSpaceLeft or QuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull
            || cause.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase),
        _ => cause.InnerException is { } inner && IsDiskFull(inner),
    };
}
