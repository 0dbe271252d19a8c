using Cluster.Messages.DataPlane;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Numerics;
using Cluster.Worker.Shards;

namespace Cluster.Worker.Training;

/// <summary>The jobs on this worker, and which were closed a while ago.</summary>
internal sealed class WorkerJobs(NumericBufferPool buffers, WorkerRules rules, VectorExchange? vectors = null, IVectorPlaces? places = null)
{
    /// <summary>How many closed jobs are remembered, so that a shard that was still loading is let go, too.</summary>
    public const int ClosedMax = 256;

    private readonly Dictionary<JobId, HostedJob> _jobs = [];
    private readonly Dictionary<JobId, long> _closed = [];   // with the last life of their parameter server
    private readonly Queue<JobId> _closedOrder = new();

    /// <summary>The job, or null.</summary>
    public HostedJob? Find(JobId job) => _jobs.GetValueOrDefault(job);

    /// <summary>The jobs of that parameter server.</summary>
    public IReadOnlyList<HostedJob> Of(IActorRef parameterServer) =>
        [.. _jobs.Values.Where(job => job.ParameterServer.Equals(parameterServer))];

    /// <summary>Whether the job was closed, and not taken up again by a newer parameter server.</summary>
    public bool IsClosed(ShardReady ready) => _closed.TryGetValue(ready.Job, out long incarnation) && ready.Incarnation <= incarnation;

    /// <summary>
    /// The job of a shard: the one that is hosted, or a new one if there is none, or if this shard was opened later and with
    /// other data, as when a job is resumed with other settings. Null if the shard is the one that is out of date.
    /// </summary>
    public HostedJob? For(ShardReady ready)
    {
        if (Find(ready.Job) is { } hosted)
        {
            if (hosted.Set.Key == ready.Rows.Set.Key) return hosted;
            if (ready.Incarnation <= hosted.Rounds.Incarnation) return null;
            hosted.Forget();
        }
        return _jobs[ready.Job] = new HostedJob(ready.Job, ready.Rows.Set, buffers, rules, vectors, places);
    }

    /// <summary>Forgets the job and gives it back for a last time, or null if it is not hosted.</summary>
    public HostedJob? Close(JobId id)
    {
        if (!_jobs.Remove(id, out HostedJob? job)) return null;
        job.Forget();
        if (!_closed.ContainsKey(id)) _closedOrder.Enqueue(id);
        _closed[id] = job.Rounds.Incarnation;
        if (_closedOrder.Count > ClosedMax) _closed.Remove(_closedOrder.Dequeue());
        if (_jobs.Count == 0) buffers.Clear();
        return job;
    }
}
