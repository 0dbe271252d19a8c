using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>Follows a job on a running cluster to its end.</summary>
internal static class RemoteRun
{
    /// <summary>The cluster says every other second where a job stands; if it has been silent for this long it is gone.</summary>
    public static readonly TimeSpan SilenceDeadline = TimeSpan.FromSeconds(60);

    /// <summary>Shows progress until the job has ended. A stream that breaks off is taken up again: the seed may have been restarted.</summary>
    /// <param name="api">The cluster.</param>
    /// <param name="job">The job.</param>
    /// <param name="display">Where progress is shown.</param>
    /// <param name="interruption">Asks for the job to end; null where an interruption only ends the watching.</param>
    /// <exception cref="CommandFailedException">The cluster fell silent, or knows no such job.</exception>
    public static async Task<JobFinished> FollowAsync(ClusterApi api, JobId job, ProgressDisplay display, Interruption? interruption)
    {
        Task<JobFinished> end = ListenAsync(api, job, display);
        if (interruption is null) return await end;
        TaskCompletionSource interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable registered = interruption.Register(() => interrupted.TrySetResult());
        if (await Task.WhenAny(end, interrupted.Task) == interrupted.Task) await CancelAsync(api, job);
        return await end;
    }

    private static async Task<JobFinished> ListenAsync(ClusterApi api, JobId job, ProgressDisplay display)
    {
        while (true)
        {
            await foreach (object heard in api.WatchAsync(job, SilenceDeadline))
            {
                switch (heard)
                {
                    case StepsProgressed steps: display.OnSteps(steps); break;
                    case EpochProgressed epoch: display.OnEpoch(epoch); break;
                    case JobFinished finished: return finished;
                }
            }
        }
    }

    /// <summary>A job that has just ended cannot be cancelled; its end is on its way.</summary>
    private static async Task CancelAsync(ClusterApi api, JobId job)
    {
        try
        {
            await api.CancelAsync(job);
        }
        catch (CommandFailedException refused) when (refused.ExitCode == ExitCode.BadInput)
        {
        }
    }
}
