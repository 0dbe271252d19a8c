using System.Security.Cryptography;
using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Database;

namespace Cluster.Coordinator.Checkpoints;

/// <summary>
/// Checkpoints in the journal's database, in the format of the files, so that a coordinator on another machine can go on from
/// them. A write and the check of its token are one transaction.
/// </summary>
internal sealed class DatabaseCheckpointStore(CoordinatorDatabase database, WriteAuthority? authority = null) : ICheckpointStore
{
    private readonly StoredObjects _objects = new(database, "checkpoint");

    public ICheckpointStore Under(WriteAuthority authority) => new DatabaseCheckpointStore(database, authority);

    public string Write(string runDirectory, Checkpoint checkpoint, int keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        string hash = Convert.ToHexStringLower(SHA256.HashData(checkpoint.State.Bytes));
        Checkpoint whole = checkpoint with { Header = checkpoint.Header with { StateSha256 = hash } };
        _objects.Write(
            runDirectory, whole.Header.Step, keep, authority ?? WriteAuthority.Unchallenged, blocks => CheckpointFormat.Write(blocks, whole));
        return hash;
    }

    public CheckpointsFound ReadNewest(string runDirectory, string jobTextSha256, long stepMax = long.MaxValue)
    {
        ImmutableArray<string>.Builder warnings = ImmutableArray.CreateBuilder<string>();
        foreach (long step in _objects.Steps(runDirectory).Where(step => step <= stepMax))
        {
            string failure;
            try
            {
                Checkpoint found = _objects.Read(runDirectory, step, CheckpointFormat.Read);
                if (found.Header.JobTextSha256 == jobTextSha256) return new CheckpointsFound(found, warnings.ToImmutable());
                failure = "wanted a checkpoint of this job's text, got one of another";
            }
            catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
            {
                failure = damaged.Message;
            }
            warnings.Add($"{_objects.NameOf(runDirectory, step)}: {failure}; the checkpoint before it is used.");
        }
        return new CheckpointsFound(null, warnings.ToImmutable());
    }
}
