using System.Collections.Concurrent;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Checkpoints;

/// <summary>Writes checkpoints as <see cref="AtomicFile"/> does, where another write of the same file may not have ended.</summary>
internal static class DurableFile
{
    /// <summary>What half-written files end in; one that is found at a start was left by a process that was killed.</summary>
    public const string TemporarySuffix = ".tmp";

    private static readonly ConcurrentDictionary<string, bool> s_open = [];
    private static int s_files;

    /// <summary>Whether this process is writing that half-written file at this moment.</summary>
    public static bool IsBeingWritten(string temporary) => s_open.ContainsKey(temporary);

    /// <summary>Writes a file whole or not at all.</summary>
    /// <param name="path">Where; its directory is made where it is missing.</param>
    /// <param name="bytes">How many bytes are to come, for the message when there is no room.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="create">Opens the file; null for <see cref="AtomicFile.Create"/>.</param>
    /// <exception cref="StorageException">It could not be written; what PATH held before is untouched.</exception>
    public static void Write(string path, long bytes, Action<Stream> write, Func<string, Stream>? create = null)
    {
        // The parameter server's last life may still be writing the same file: each write has a name of its own.
        string temporary = $"{path}.{Environment.ProcessId}-{Interlocked.Increment(ref s_files)}{TemporarySuffix}";
        s_open[temporary] = true;
        try
        {
            using AtomicFile file = AtomicFile.Begin(path, temporary, create);
            write(file.Content);
            file.Commit();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw StorageException.ForWriting(path, bytes, failure);
        }
        finally
        {
            s_open.TryRemove(temporary, out _);
        }
    }
}
