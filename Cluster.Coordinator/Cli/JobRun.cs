using System.Diagnostics;
using System.Threading.Channels;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Local;
using Cluster.Messages;
using Cluster.Messages.Node;

namespace Cluster.Coordinator.Cli;

/// <summary>Submits a job to a cluster and follows it to its end.</summary>
internal static class JobRun
{
    private static readonly TimeSpan AcceptDeadline = TimeSpan.FromSeconds(30);

    /// <summary>The job manager answers polls twice a second; if it has been silent for this long the cluster is gone.</summary>
    private static readonly TimeSpan SilenceDeadline = TimeSpan.FromSeconds(60);

    /// <summary>Runs the job; an interruption asks for a checkpoint first.</summary>
    /// <exception cref="CommandFailedException">The job was refused or the cluster fell silent.</exception>
    public static async Task<JobFinished> FollowAsync(
        LocalCluster cluster, SubmitJob submit, ProgressDisplay display, Interruption interruption)
    {
        JobAccepted accepted = await UnlessBroken(cluster, SubmitAsync(cluster, submit));
        Channel<object> heard = Channel.CreateBounded<object>(
            new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        IActorRef watcher = cluster.Watch(submit.Job, accepted.Run, heard.Writer);
        try
        {
            return await UnlessBroken(cluster, ListenAsync(watcher, cluster.Failures, display, interruption, heard.Reader));
        }
        finally
        {
            watcher.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        }
    }

    /// <summary>Submits the job; one that was submitted before and ended without a model goes on.</summary>
    private static async Task<JobAccepted> SubmitAsync(LocalCluster cluster, SubmitJob submit)
    {
        JobAccepted accepted = await AskAsync(cluster, submit);
        return accepted.Status is JobStatus.Cancelled or JobStatus.Failed
            ? await AskAsync(cluster, new ResumeJob(submit.Job, accepted.Run + 1))
            : accepted;
    }

    private static async Task<JobAccepted> AskAsync(LocalCluster cluster, IJobMessage wish)
    {
        object answer;
        try
        {
            answer = await cluster.Jobs.Ask<object>(wish, AcceptDeadline);
        }
        catch (AskTimeoutException)
        {
            throw new CommandFailedException(ExitCode.Unreachable,
                $"The job manager: wanted an answer within {AcceptDeadline.TotalSeconds:F0} s, got none; is the cluster overloaded?");
        }
        if (answer is JobRefused refused) throw new CommandFailedException(ExitCode.Of(refused.Kind), refused.Reason);
        return (JobAccepted)answer;
    }

    /// <summary>What is begun again and again while storage stays broken gives signs of life, and no result.</summary>
    private static async Task<T> UnlessBroken<T>(LocalCluster cluster, Task<T> work)
    {
        if (await Task.WhenAny(work, cluster.Failures.Broken) == work) return await work;
        throw new CommandFailedException(ExitCode.TrainingFailed, await cluster.Failures.Broken);
    }

    private static async Task<JobFinished> ListenAsync(
        IActorRef watcher, StorageFailures storage, ProgressDisplay display, Interruption interruption, ChannelReader<object> heard)
    {
        long furthest = -1;
        using IDisposable onInterrupt = interruption.Register(() => watcher.Tell(JobWatcherActor.Cancel.Instance, ActorRefs.NoSender));
        while (true)
        {
            object report;
            using (CancellationTokenSource silence = new(SilenceDeadline))
            {
                try
                {
                    report = await heard.ReadAsync(silence.Token);
                }
                catch (OperationCanceledException)
                {
                    throw new CommandFailedException(ExitCode.Unreachable,
                        $"The cluster: wanted a sign of life within {SilenceDeadline.TotalSeconds:F0} s, got none; resume with --resume.");
                }
            }
            switch (report)
            {
                case StepsProgressed steps:
                    if (steps.Step > furthest) storage.OnProgress();
                    furthest = Math.Max(furthest, steps.Step);
                    display.OnSteps(steps);
                    break;
                case EpochProgressed epoch: display.OnEpoch(epoch); break;
                case TaskProgressed task: display.OnTask(task); break;
                case JobFinished finished: return finished;
                case JobRefused refused: throw new CommandFailedException(ExitCode.Of(refused.Kind), refused.Reason);
            }
        }
    }

    /// <summary>Seconds of wall clock since a moment, for the report; never part of a result.</summary>
    public static double SecondsSince(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;
}
