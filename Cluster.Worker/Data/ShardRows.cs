using Cluster.Ml.Data;
using Cluster.Ml.Learning;

namespace Cluster.Worker.Data;

/// <summary>What a data shard brings to a worker: its training rows and what samples them. Used by one computation at a time.</summary>
/// <param name="Set">The data set that it belongs to, and keeps alive.</param>
/// <param name="Training">Its training rows.</param>
/// <param name="Sampler">Which of them take part in which step.</param>
internal sealed record ShardRows(JobDataSet Set, TrainingShard Training, ShardSampler Sampler);
