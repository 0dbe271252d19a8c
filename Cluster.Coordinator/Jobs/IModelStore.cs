using Cluster.Coordinator.ParameterServer;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Jobs;

/// <summary>Keeps the models of finished jobs. Blocking; called on the compute pool.</summary>
internal interface IModelStore
{
    /// <summary>Writes the model so that it is there whole or not at all.</summary>
    /// <exception cref="Checkpoints.StorageException">It could not be written.</exception>
    ModelStored Write(JobContext job, JobRecord record, NumericBuffer state);
}
