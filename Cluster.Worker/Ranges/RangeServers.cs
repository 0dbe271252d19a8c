using Cluster.Messages;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Numerics;
using Cluster.Worker.Data;
using Cluster.Worker.Training;

namespace Cluster.Worker.Ranges;

/// <summary>The servers of ranges on this worker, children of its actor: one for each range of a job, in the newest life of its parameter server.</summary>
internal sealed class RangeServers
{
    private readonly Dictionary<(JobId Job, int Range), (long Incarnation, IActorRef Server)> _servers = [];

    /// <summary>Begins the server of a range, or lets the one that lives answer; one of an older life ends.</summary>
    public void Open(OpenRange open, JobDataSet set, NumericBufferPool buffers, WorkerRules rules, IActorContext context)
    {
        var key = (open.Job, open.Range.Index);
        if (_servers.TryGetValue(key, out var known))
        {
            if (known.Incarnation > open.Incarnation) return;
            if (known.Incarnation == open.Incarnation)
            {
                known.Server.Tell(open);
                return;
            }
            context.Stop(known.Server);
        }
        if (RangeServerActor.PropsOf(open, set, buffers, rules) is { } props) _servers[key] = (open.Incarnation, context.ActorOf(props));
        else
            open.ParameterServer.Tell(new RangeFailed(
                open.Job, open.Range, open.Incarnation, false, $"range {open.Range}: this worker cannot cut the model so; run the same version of the program on every node"));
    }

    /// <summary>The job has ended.</summary>
    public void Close(JobId job, IActorContext context)
    {
        foreach (var key in _servers.Keys.Where(key => key.Job == job).ToArray())
        {
            context.Stop(_servers[key].Server);
            _servers.Remove(key);
        }
    }
}
