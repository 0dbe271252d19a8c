using Cluster.Ml.Data;
using Microsoft.Data.Sqlite;

namespace Cluster.Coordinator.Checkpoints;

/// <summary>A file could not be written or read for a reason that a person must remove: a full disk, missing rights.</summary>
internal sealed class StorageException : Exception
{
    private const int SqliteFull = 13;          // SQLITE_FULL
    private const int SqliteReadOnly = 8, SqliteBroken = 10, SqliteCorrupt = 11, SqliteCannotOpen = 14, SqliteNoDatabase = 26;

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

    /// <summary>What a database is, of which it is asked.</summary>
    public static string OfDatabase(SqliteException failure) => failure.SqliteErrorCode switch
    {
        _ when IsDiskFull(failure) => "a full disk",
        SqliteReadOnly => "a file, or a folder, that is read-only",
        SqliteBroken => "a disk that is full or broken",
        SqliteCannotOpen => "a file that cannot be opened",
        SqliteCorrupt or SqliteNoDatabase => "a file that is damaged, or no database",
        _ => failure.Message.TrimEnd('.'),
    };

    /// <summary>Whether what failed, or what caused that, is a disk or a quota without room.</summary>
    public static bool IsDiskFull(Exception cause) => cause switch
    {
        StorageException { InnerException: { } inner } => IsDiskFull(inner),
        SqliteException { SqliteErrorCode: SqliteFull } => true,
        IOException when FileError.IsDiskFull(cause) => true,
        _ => cause.InnerException is { } inner && IsDiskFull(inner),
    };
}
