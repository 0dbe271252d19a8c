using Cluster.Messages.Identifiers;

namespace Cluster.Worker.Telemetry;

/// <summary>Every line that a worker logs. The number in front is never used for another line.</summary>
internal static class LogMessages
{
    public static void WorkerStarted(this ILoggingAdapter log, WorkerId worker, int threads) =>
        log.Info("W2001 Worker {0} is ready with {1} compute threads.", worker, threads);

    public static void JobClosed(this ILoggingAdapter log, JobId job) =>
        log.Debug("W2002 Job {0} is closed: its shards and state are let go.", job);

    public static void ParameterServerLost(this ILoggingAdapter log, JobId job, TimeSpan wait) => log.Warning(
        "W2003 Job {0}: its parameter server is gone. Its data is kept for {1}, for a new one to take over. Usual causes: the coordinator was stopped, killed, or cut off.",
        job, wait);

    public static void ComputeRefused(this ILoggingAdapter log, JobId job, string reason) => log.Warning(
        "W2004 Job {0}: {1}. It is computed when it is asked for again. Usual causes: the node is being stopped, or has far too few threads.",
        job, reason);

    public static void ContributionFailed(this ILoggingAdapter log, JobId job, long step, string reason) =>
        log.Warning("W2005 Job {0}, step {1}: {2}", job, step, reason);

    public static void ShardNotBegun(this ILoggingAdapter log, JobId job, int shard, string reason) => log.Warning(
        "W2006 Job {0}: shard {1} was not loaded: {2}. It is loaded when it is opened again.", job, shard, reason);

    public static void TaskFailed(this ILoggingAdapter log, JobId job, int index, Exception reason) =>
        log.Warning("W2007 Job {0}: task {1} failed: {2}", job, index, reason.Message);

    public static void SourceFetchBegun(this ILoggingAdapter log, JobId job, int files, long bytes) => log.Info(
        "W2008 Job {0}: this node does not see its data; {1} files of {2} bytes are fetched from the coordinator.", job, files, bytes);

    public static void SourceBlockRefused(this ILoggingAdapter log, JobId job, string file, long offset) => log.Warning(
        "W2009 Job {0}: the block of {1} at byte {2} was damaged or could not be stored; it is asked for again.", job, file, offset);

    public static void RowCacheRefused(this ILoggingAdapter log, string failure) => log.Warning(
        "W2010 {0} Usual causes: a disk that fails, or a file that was written to by something else.", failure);

    public static void DataRefused(this ILoggingAdapter log, JobId job, string reason) => log.Warning(
        "W2012 Job {0}: its data cannot be used; whoever submitted it is told where, but not what stands there: {1}", job, reason);

    public static void PartRefused(this ILoggingAdapter log, JobId job, RangeId range, WorkerId worker, string reason) => log.Warning(
        "W2011 Job {0}, parameter range {1}: a contribution of worker {2} was refused: {3}; does it run the same version?", job, range, worker, reason);
}
