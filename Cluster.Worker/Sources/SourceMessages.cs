using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Worker.Sources;

// DataShard, TaskRunner ── FetchSource ──▶ SourceFetchers ──▶ SourceFetch     the node does not see the data; again for another coordinator
// DataShard, TaskRunner ◀── SourceFetched | SourceNotFetched ── SourceFetch
// Within one node: no part of the protocol.

/// <summary>Fetches the data of the job from its coordinator.</summary>
/// <param name="Job">The job.</param>
/// <param name="Coordinator">The actor of the coordinator that knows the data: the parameter server, or the coordinator of tasks.</param>
/// <param name="Incarnation">Of several coordinators the one with the highest is asked, and among equals the last.</param>
internal sealed record FetchSource(JobId Job, IActorRef Coordinator, long Incarnation) : INoSerializationVerificationNeeded
{
    /// <summary>For a shard.</summary>
    public static FetchSource Of(OpenShard open) => new(open.Job, open.ParameterServer, open.Incarnation);

    /// <summary>For a task. Who gives tasks out has no incarnations.</summary>
    public static FetchSource Of(RunTask task) => new(task.Task.Job, task.ReplyTo, 0);
}

/// <summary>The job's data lies in a folder of this node, whole and verified.</summary>
internal sealed record SourceFetched(string Folder) : INoSerializationVerificationNeeded;

/// <summary>The job's data cannot be had.</summary>
internal sealed record SourceNotFetched(string Reason) : INoSerializationVerificationNeeded;
