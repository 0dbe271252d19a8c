using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Seed.Progress;

/// <summary>Who wants to hear of which job, and the last that was heard of each.</summary>
internal sealed class ProgressHubState
{
    /// <summary>How many jobs' last reports are kept; the one that was silent longest makes room.</summary>
    public const int JobsMax = 256;

    /// <summary>How many subscribers one job may have.</summary>
    public const int SubscribersMax = 1024;

    private readonly Dictionary<JobId, LinkedListNode<(JobId Job, IJobMessage Report)>> _last = [];
    private readonly LinkedList<(JobId Job, IJobMessage Report)> _byAge = new();   // longest silent first
    private readonly Dictionary<JobId, List<IActorRef>> _subscribers = [];

    /// <summary>How many jobs' reports are kept.</summary>
    public int Jobs => _last.Count;

    /// <summary>The subscribers of this job, in the order in which they asked.</summary>
    public IReadOnlyList<IActorRef> SubscribersOf(JobId job) =>
        _subscribers.TryGetValue(job, out List<IActorRef>? list) ? list : [];

    /// <summary>The last report of the progress of the job, or null.</summary>
    public IJobMessage? LastOf(JobId job) =>
        _last.TryGetValue(job, out LinkedListNode<(JobId Job, IJobMessage Report)>? node) ? node.Value.Report : null;

    /// <summary>Adds a subscriber. False if the job has as many as it may; asking twice is asking once.</summary>
    public bool OnSubscribe(JobId job, IActorRef subscriber)
    {
        if (!_subscribers.TryGetValue(job, out List<IActorRef>? list)) _subscribers[job] = list = [];
        if (list.Contains(subscriber)) return true;
        if (list.Count >= SubscribersMax) return false;
        list.Add(subscriber);
        return true;
    }

    /// <summary>
    /// Keeps a report for newcomers. The end of a run is passed on and not kept: whether a job has ended the job manager knows,
    /// and a later run of it must not be told of an earlier one's end.
    /// </summary>
    public void OnReport(IJobMessage report)
    {
        if (_last.Remove(report.Job, out LinkedListNode<(JobId Job, IJobMessage Report)>? node)) _byAge.Remove(node);
        if (report is JobFinished) return;
        _last[report.Job] = _byAge.AddLast((report.Job, report));
        if (_last.Count > JobsMax) ForgetLongestSilent();
    }

    /// <summary>A subscriber is gone.</summary>
    public void OnTerminated(IActorRef subscriber)
    {
        foreach ((JobId job, List<IActorRef> list) in _subscribers.ToArray())
        {
            list.Remove(subscriber);
            if (list.Count == 0) _subscribers.Remove(job);
        }
    }

    private void ForgetLongestSilent()
    {
        _last.Remove(_byAge.First!.Value.Job);
        _byAge.RemoveFirst();
    }
}
