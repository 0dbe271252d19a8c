using Cluster.Coordinator.ParameterServer.Assignment;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.ParameterServer;

/// <summary>A worker that holds shards, and where it is reached.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Ref">Where states are sent.</param>
internal sealed record HostingWorker(WorkerId Id, IActorRef Ref);

/// <summary>Where the workers of the assignment are reached, which knows them by name alone.</summary>
/// <param name="work">Who holds what.</param>
internal sealed class WorkerBook(WorkAssignment work)
{
    private readonly Dictionary<WorkerId, IActorRef> _refs = [];

    /// <summary>Workers that hold shards, by name.</summary>
    public IReadOnlyList<HostingWorker> Workers => [.. work.Hosts.Select(host => new HostingWorker(host.Id, _refs[host.Id]))];

    /// <summary>Where the worker of that name is reached, or null if it holds nothing.</summary>
    public IActorRef? Find(WorkerId id) => work.Find(id) is { } host ? RefOf(host) : null;

    /// <summary>Where a worker that holds shards is reached.</summary>
    public IActorRef RefOf(ShardHost host) => _refs[host.Id];

    /// <summary>Takes down where a worker is reached that says what it holds.</summary>
    /// <returns>Where it was reached before under that name, if it was elsewhere: that is no longer to be watched.</returns>
    public IActorRef? Enter(WorkerId id, IActorRef worker)
    {
        IActorRef? before = Find(id);
        _refs[id] = worker;
        return before is null || before.Equals(worker) ? null : before;
    }

    /// <summary>Strikes out those that hold nothing any more.</summary>
    public void Trim()
    {
        foreach (WorkerId id in _refs.Keys)
            if (work.Find(id) is null) _refs.Remove(id);        // which the walk allows
    }
}
