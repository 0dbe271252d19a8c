using System.Diagnostics;
using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>Follows a job on a running cluster to its end.</summary>
internal static class RemoteRun
{
    /// <summary>The cluster says every other second if a job stands; if it has been silent for this long it is gone.</summary>
    public static readonly TimeSpan SilenceDeadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <summary>Shows progress until the job has ended. A cluster that has answered once may fall silent for a while: its seed may be restarted.</summary>
    /// <param name="api">The cluster.</param>
    /// <param name="job">The job.</param>
    /// <param name="display">Where progress is shown.</param>
    /// <param name="interruption">Asks for the job to end, which the cluster has accepted; null if an interruption only ends the watching.</param>
    /// <exception cref="CommandFailedException">The cluster fell silent, or knows no such job.</exception>
    public static async Task<JobFinished> FollowAsync(ClusterApi api, JobId job, ProgressDisplay display, Interruption? interruption)
    {
        Task<JobFinished> end = ListenAsync(api, job, display, interruption is not null);
        if (interruption is null) return await end;
        TaskCompletionSource interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable registered = interruption.Register(() => interrupted.TrySetResult());
        if (await Task.WhenAny(end, interrupted.Task) == interrupted.Task) await CancelAsync(api, job);
        return await end;
    }

    /// <summary>Asks until the cluster answers, or has been unreachable for too long.</summary>
    /// <param name="ask">What is asked; asking again changes nothing.</param>
    public static async Task<T> RetryAsync<T>(Func<Task<T>> ask)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (CommandFailedException lost) when (IsPassing(lost, began))
            {
                await Task.Delay(RetryPause, TimeProvider.System);
            }
        }
    }

    private static async Task<JobFinished> ListenAsync(ClusterApi api, JobId job, ProgressDisplay display, bool answered)
    {
        long last = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await foreach (object heard in api.WatchAsync(job, SilenceDeadline))
                {
                    (answered, last) = (true, Stopwatch.GetTimestamp());
                    switch (heard)
                    {
                        case StepsProgressed steps: display.OnSteps(steps); break;
                        case EpochProgressed epoch: display.OnEpoch(epoch); break;
                        case JobFinished finished: return finished;
                    }
                }
            }
            catch (CommandFailedException lost) when (answered && IsPassing(lost, last))
            {
                await Task.Delay(RetryPause, TimeProvider.System);
            }
        }
    }

    private static bool IsPassing(CommandFailedException lost, long since) =>
        lost.ExitCode == ExitCode.Unreachable && Stopwatch.GetElapsedTime(since) < SilenceDeadline;

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
