using System.Threading.Channels;
using Cluster.Messages;
using Cluster.Messages.Api;
using Cluster.Messages.Identifiers;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Http;
using Microsoft.AspNetCore.Http;

namespace Cluster.Seed.Http;

/// <summary>What the HTTP API asks of the cluster. The job manager is reached through its singleton, wherever it lives.</summary>
internal sealed class ClusterClient(ClusterNode node)
{
    private const int BacklogMax = 1024;
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(10);
    private readonly IActorRef _jobs = JobManagerSingleton.Proxy(node.System);

    /// <summary>Every node.</summary>
    public ClusterView Look() => new(node.Address.ToString(),
    [
        .. node.Membership.State.Members.Select(member => new MemberView(
            $"{member.Address.Host}:{member.Address.Port}", [.. member.Roles.Order(StringComparer.Ordinal)],
            member.Status.ToString(), !node.Membership.State.Unreachable.Contains(member))),
    ]);

    /// <summary>Asks the job manager.</summary>
    /// <param name="message">What.</param>
    /// <param name="refused">The status code of a refusal.</param>
    /// <exception cref="ProblemException">It refused, or did not answer in time.</exception>
    public async Task<T> AskAsync<T>(object message, int refused)
        where T : class
    {
        object answer;
        try
        {
            answer = await _jobs.Ask<object>(message, AnswerDeadline).WaitAsync(AnswerDeadline + AnswerDeadline);
        }
        catch (Exception silent) when (silent is AskTimeoutException or TimeoutException or OperationCanceledException)
        {
            throw new ProblemException(StatusCodes.Status503ServiceUnavailable,
                $"the job manager: wanted an answer within {AnswerDeadline.TotalSeconds:F0} s, got none; is a coordinator a member of the cluster?");
        }
        return answer switch
        {
            T wanted => wanted,
            JobRefused { Kind: FailureKind.Busy } full => throw new ProblemException(StatusCodes.Status429TooManyRequests, full.Reason),
            JobRefused refusal => throw new ProblemException(refused, refusal.Reason),
            _ => throw new ProblemException(StatusCodes.Status502BadGateway, $"the job manager: wanted {typeof(T).Name}, got {answer.GetType().Name}; do all nodes run the same version?"),
        };
    }

    /// <summary>Where a job stands.</summary>
    public Task<JobDescribed> DescribeAsync(JobId job) => AskAsync<JobDescribed>(new DescribeJob(job), StatusCodes.Status404NotFound);

    /// <summary>Follows a run of a job; what is heard of it can be read until the watch is disposed.</summary>
    public JobWatch Watch(JobId job, int run)
    {
        Channel<object> heard = Channel.CreateBounded<object>(
            new BoundedChannelOptions(BacklogMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        IActorRef watcher = node.System.ActorOf(JobWatcherActor.For(
            job, run, _jobs, node.System.ActorSelection(node.Registry.Get<SeedNode>().Path), heard.Writer));
        return new JobWatch(watcher, heard.Reader);
    }
}

/// <summary>Somebody follows a job.</summary>
internal sealed class JobWatch(IActorRef watcher, ChannelReader<object> heard) : IDisposable
{
    /// <summary>What is heard.</summary>
    public ChannelReader<object> Heard => heard;

    public void Dispose() => watcher.Tell(PoisonPill.Instance, ActorRefs.NoSender);
}
