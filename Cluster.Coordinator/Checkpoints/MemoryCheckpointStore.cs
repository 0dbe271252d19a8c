using System.Security.Cryptography;
using Cluster.Coordinator.Authority;

namespace Cluster.Coordinator.Checkpoints;

/// <summary>What becomes of a write to the simulated disk.</summary>
internal enum WriteFate
{
    /// <summary>It is kept.</summary>
    Kept,

    /// <summary>It was never forced to the disk: nothing of it is there.</summary>
    Lost,

    /// <summary>Half of it is there.</summary>
    Torn,

    /// <summary>The disk is full: the writer is told.</summary>
    Full,
}

/// <summary>
/// A simulated disk: outlives the nodes of a simulation, holds real checkpoint bytes, and can lose, tear or refuse a
/// write. The same format and the same rules of recovery as the files.
/// </summary>
internal sealed class MemoryCheckpointStore : ICheckpointStore
{
    private readonly SortedDictionary<(string Directory, long Step), byte[]> _files = [];
    private readonly Lock _gate = new();

    /// <summary>Decides what becomes of the next write; by default all are kept.</summary>
    public Func<Checkpoint, WriteFate> Fate { get; set; } = static _ => WriteFate.Kept;

    /// <summary>Told the directory and token of every write that was let through; null for nobody.</summary>
    public Action<string, long>? Observer { get; init; }

    /// <summary>Whether tokens are checked; only a simulation that looks for the consequences says no.</summary>
    public bool ChecksTokens { get; init; } = true;

    /// <summary>Steps of the checkpoints that a directory holds, ascending, sound or not.</summary>
    public ImmutableArray<long> Steps(string runDirectory)
    {
        lock (_gate) return [.. _files.Keys.Where(key => key.Directory == runDirectory).Select(key => key.Step)];
    }

    /// <summary>Spoils one byte of a checkpoint.</summary>
    public void Damage(string runDirectory, long step, int offset)
    {
        lock (_gate) _files[(runDirectory, step)][offset] ^= 0x20;
    }

    public ICheckpointStore Under(WriteAuthority authority) => new Fenced(this, authority);

    public string Write(string runDirectory, Checkpoint checkpoint, int keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        string hash = Convert.ToHexStringLower(SHA256.HashData(checkpoint.State.Bytes));
        Checkpoint whole = checkpoint with { Header = checkpoint.Header with { StateSha256 = hash } };
        using MemoryStream file = new();
        CheckpointFormat.Write(file, whole);
        lock (_gate) Keep((runDirectory, whole.Header.Step), file.ToArray(), Fate(whole), keep);
        return hash;
    }

    public CheckpointsFound ReadNewest(string runDirectory, string jobTextSha256, long stepMax = long.MaxValue)
    {
        ImmutableArray<string>.Builder warnings = ImmutableArray.CreateBuilder<string>();
        lock (_gate)
            foreach (((string directory, long step), byte[] bytes) in _files.Reverse())
            {
                if (directory != runDirectory || step > stepMax) continue;
                try
                {
                    Checkpoint found = CheckpointFormat.Read(new MemoryStream(bytes));
                    if (found.Header.JobTextSha256 == jobTextSha256) return new CheckpointsFound(found, warnings.ToImmutable());
                    warnings.Add($"{directory}, step {step}: wanted a checkpoint of this job's text, got one of another; the checkpoint before it is used.");
                }
                catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
                {
                    warnings.Add($"{directory}, step {step}: {damaged.Message}; the checkpoint before it is used.");
                }
            }
        return new CheckpointsFound(null, warnings.ToImmutable());
    }

    private void Keep((string Directory, long Step) key, byte[] bytes, WriteFate fate, int keep)
    {
        if (fate == WriteFate.Full)
            throw StorageException.ForWriting($"{key.Directory}, step {key.Step}", bytes.Length, new IOException("No space left on device"));
        if (fate != WriteFate.Lost) _files[key] = fate == WriteFate.Torn ? bytes[..(bytes.Length / 2)] : bytes;
        (string, long)[] own = [.. _files.Keys.Where(other => other.Directory == key.Directory)];
        foreach ((string, long) old in own.Take(Math.Max(0, own.Length - keep))) _files.Remove(old);
    }

    private sealed class Fenced(MemoryCheckpointStore disk, WriteAuthority authority) : ICheckpointStore
    {
        public ICheckpointStore Under(WriteAuthority other) => disk.Under(other);

        public string Write(string runDirectory, Checkpoint checkpoint, int keep)
        {
            if (disk.ChecksTokens) authority.Require(runDirectory);
            disk.Observer?.Invoke(runDirectory, authority.Token);
            return disk.Write(runDirectory, checkpoint, keep);
        }

        public CheckpointsFound ReadNewest(string runDirectory, string jobTextSha256, long stepMax = long.MaxValue) =>
            disk.ReadNewest(runDirectory, jobTextSha256, stepMax);
    }
}
