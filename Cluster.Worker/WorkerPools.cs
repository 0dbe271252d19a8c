using Cluster.Messages.Node;
using Cluster.Ml.Numerics;
using Cluster.Worker.Data;

namespace Cluster.Worker;

/// <summary>What a worker node takes from: threads, buffers and loaded data. The last two are shared by all nodes of a process.</summary>
/// <param name="Compute">The cores that the worker may use.</param>
/// <param name="Buffers">Where contributions come from; a parameter server of the same process gives them back here.</param>
/// <param name="DataSets">The data of jobs.</param>
public sealed record WorkerPools(IComputePool Compute, NumericBufferPool Buffers, DataSetCache DataSets)
{
    /// <summary>Its own threads; shared buffers and data.</summary>
    public WorkerPools(IComputePool compute)
        : this(compute, NumericBufferPool.Shared, DataSetCache.Shared)
    {
    }
}
