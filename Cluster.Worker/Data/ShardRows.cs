using Cluster.Ml.Data;

namespace Cluster.Worker.Data;

/// <summary>What a data shard brings to a worker: its training rows.</summary>
/// <param name="Set">The data set that it belongs to, and keeps alive.</param>
/// <param name="Training">Its training rows.</param>
internal sealed record ShardRows(JobDataSet Set, TrainingShard Training);
