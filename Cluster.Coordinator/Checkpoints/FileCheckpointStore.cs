using System.Globalization;
using System.Security.Cryptography;
using Cluster.Coordinator.Authority;
using Cluster.Ml.Export;

namespace Cluster.Coordinator.Checkpoints;

/// <summary>
/// Checkpoints as files RUNDIR/checkpoints/step-000000120.ckpt. Each is written under another name, forced to the disk,
/// then renamed, and the directory forced too: whenever the machine stops, a file of that name is whole.
/// </summary>
internal sealed class FileCheckpointStore : ICheckpointStore
{
    private const string Folder = "checkpoints";
    private readonly Func<string, Stream> _create;
    private readonly WriteAuthority _authority;

    /// <param name="create">Opens a new file for writing; null for real files.</param>
    /// <param name="authority">What is written under; null if nothing competes.</param>
    public FileCheckpointStore(Func<string, Stream>? create = null, WriteAuthority? authority = null) =>
        (_create, _authority) = (create ?? AtomicFile.Create, authority ?? WriteAuthority.Unchallenged);

    public ICheckpointStore Under(WriteAuthority authority) => new FileCheckpointStore(_create, authority);

    public static string PathOf(string runDirectory, long step) => Path.Combine(
        runDirectory, Folder, string.Create(CultureInfo.InvariantCulture, $"step-{step:D9}.ckpt"));

    public string Write(string runDirectory, Checkpoint checkpoint, int keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        string hash = Convert.ToHexStringLower(SHA256.HashData(checkpoint.State.Bytes));
        Checkpoint whole = checkpoint with { Header = checkpoint.Header with { StateSha256 = hash } };
        string path = PathOf(runDirectory, whole.Header.Step);
        DurableFile.Write(
            path, CheckpointFormat.Bytes(whole),
            file =>
            {
                CheckpointFormat.Write(file, whole);
                _authority.Require(path);       // the last thing before the file gets its name
            },
            _create);
        Delete(NewestFirst(Path.GetDirectoryName(path)!).Skip(keep));
        return hash;
    }

    public CheckpointsFound ReadNewest(string runDirectory, string jobTextSha256, long stepMax = long.MaxValue)
    {
        string folder = Path.Combine(runDirectory, Folder);
        Delete(Search(folder, $"*{DurableFile.TemporarySuffix}").Where(left => !DurableFile.IsBeingWritten(left)));
        ImmutableArray<string>.Builder warnings = ImmutableArray.CreateBuilder<string>();
        foreach (string path in NewestFirst(folder))
        {
            (Checkpoint? checkpoint, string failure) = TryRead(path);
            if (checkpoint is not null && checkpoint.Header.JobTextSha256 != jobTextSha256)
                (checkpoint, failure) = (null, "wanted a checkpoint of this job's text, got one of another");
            if (checkpoint is null)
                warnings.Add($"{path}: {failure}; the checkpoint before it is used.");
            else if (checkpoint.Header.Step <= stepMax)
                return new CheckpointsFound(checkpoint, warnings.ToImmutable());
        }
        return new CheckpointsFound(null, warnings.ToImmutable());
    }

    private static (Checkpoint? Checkpoint, string Failure) TryRead(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            return (CheckpointFormat.Read(file), string.Empty);
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return (null, unreadable.Message);
        }
    }

    private static string[] NewestFirst(string folder)
    {
        string[] paths = Search(folder, "step-*.ckpt");
        // Beyond nine digits names grow longer, so the length orders them before the text does.
        Array.Sort(paths, (a, b) => a.Length != b.Length ? b.Length.CompareTo(a.Length) : string.CompareOrdinal(b, a));
        return paths;
    }

    private static string[] Search(string folder, string pattern)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{folder}: wanted to read it, got: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>A file that cannot be deleted does no harm: it is tried again the next time.</summary>
    private static void Delete(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
            {
                return;
            }
        }
    }
}
