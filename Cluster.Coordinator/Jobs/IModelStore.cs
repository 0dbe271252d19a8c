using Cluster.Coordinator.Authority;
using Cluster.Coordinator.ParameterServer;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Jobs;

/// <summary>Keeps the models of finished jobs. Blocking; called on the compute pool.</summary>
internal interface IModelStore
{
    /// <summary>The same store, for one writer: what it writes is refused once another has the authority.</summary>
    IModelStore Under(WriteAuthority authority);

    /// <summary>Writes the model so that it is there whole or not at all.</summary>
    /// <exception cref="Checkpoints.StorageException">It could not be written.</exception>
    /// <exception cref="AuthorityLostException">It is another's to write.</exception>
    ModelStored Write(JobContext job, JobRecord record, NumericBuffer state);

    /// <summary>Reads a part of the model file of a run directory.</summary>
    /// <param name="runDirectory">The run directory.</param>
    /// <param name="offset">From which byte on.</param>
    /// <param name="bytesMax">How many bytes at the most.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    ModelPart Read(string runDirectory, long offset, int bytesMax);
}

/// <summary>A part of a model file.</summary>
/// <param name="Length">Bytes of the whole file.</param>
/// <param name="Bytes">The part; empty at the end.</param>
internal readonly record struct ModelPart(long Length, ImmutableArray<byte> Bytes);
