using Cluster.Coordinator.Authority;

namespace Cluster.Coordinator.Checkpoints;

/// <summary>Keeps the checkpoints of jobs. Blocking; called on the compute pool, by one job at a time for one directory.</summary>
internal interface ICheckpointStore
{
    /// <summary>The same store, for one writer: what it writes is refused once another has the authority.</summary>
    ICheckpointStore Under(WriteAuthority authority);

    /// <summary>Writes the checkpoint so that it is there whole or not at all, then lets all but the newest go.</summary>
    /// <param name="runDirectory">The job's own directory.</param>
    /// <param name="checkpoint">Its buffers must not change until this returns.</param>
    /// <param name="keep">How many are kept, at least 1.</param>
    /// <returns>SHA-256 of the state's bytes.</returns>
    /// <exception cref="StorageException">It could not be written; those before it are as they were.</exception>
    /// <exception cref="AuthorityLostException">It is another's to write.</exception>
    string Write(string runDirectory, Checkpoint checkpoint, int keep);

    /// <summary>Reads the newest checkpoint that is whole and of this job, at or before a step.</summary>
    /// <param name="runDirectory">The job's own directory.</param>
    /// <param name="jobTextSha256">The job.</param>
    /// <param name="stepMax">The newest step wanted.</param>
    /// <exception cref="StorageException">The directory cannot be read.</exception>
    CheckpointsFound ReadNewest(string runDirectory, string jobTextSha256, long stepMax = long.MaxValue);
}
