using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.Telemetry;

/// <summary>Every log line of the coordinator's actors. Numbers are never reused.</summary>
internal static class CoordinatorLog
{
    public static void ParametersReady(this ILoggingAdapter log, JobId job, long incarnation, long step, int epoch) =>
        log.Info("C101 job {0}: life {1} of the parameter server begins at step {2}, epoch {3}.", job, incarnation, step, epoch);

    public static void CheckpointPassedOver(this ILoggingAdapter log, JobId job, string warning) =>
        log.Warning("C102 job {0}: {1}", job, warning);

    public static void ContributionRefused(this ILoggingAdapter log, JobId job, WorkerId worker, string failure) =>
        log.Warning("C103 job {0}, worker {1}: a contribution was refused: {2}; does it run the same version?", job, worker, failure);

    public static void ParametersRewound(this ILoggingAdapter log, JobId job, long step, long target) =>
        log.Warning("C104 job {0}: at step {1}, wanted one not after {2}; going back. Usual cause: the journal was removed but checkpoints were not.", job, step, target);

    public static void WindowBegunAgain(this ILoggingAdapter log, JobId job, long step) =>
        log.Info("C117 job {0}: what micro-batches had left out of their sums was with a worker that is gone; training goes on from step {1}.", job, step);

    public static void WaitingForWorkers(this ILoggingAdapter log, JobId job, TimeSpan waited) =>
        log.Warning("C105 job {0}: waiting for workers; wanted at least one, got none for {1}. Usual causes: no worker was started, or its role or seed address is another.", job, waited);

    public static void ChildStopped(this ILoggingAdapter log, string child, int failures, TimeSpan pause, string reason) =>
        log.Warning("C106 {0} stopped for the {1}. time in a row and is started again in {2}: {3}", child, failures, pause, reason);

    public static void JournalRefused(this ILoggingAdapter log, string stream, string reason) =>
        log.Warning("C122 {0}: the journal could not be used: {1}; tried again after a pause.", stream, reason);

    public static void JobStarted(this ILoggingAdapter log, JobId job, int run) => log.Info("C107 job {0}: run {1} begins.", job, run);

    public static void JobEnded(this ILoggingAdapter log, JobId job, string status, string reason) =>
        log.Info("C108 job {0}: {1}. {2}", job, status, reason);

    public static void AuthorityTaken(this ILoggingAdapter log, long token, string holder) =>
        log.Info("C110 {1} holds the lease on the journal under token {0} and runs the jobs.", token, holder);

    public static void StandingBy(this ILoggingAdapter log, long token, string holder) =>
        log.Info("C111 stands by: the lease on the journal belongs to {1} under token {0}.", token, holder);

    public static void AuthorityLost(this ILoggingAdapter log, long token, long newest, string holder) =>
        log.Warning("C112 authority lost: wanted the lease of token {0}, got one of token {1} held by {2}; this coordinator stops writing and stands by. Usual causes: it was paused or cut off.", token, newest, holder);

    public static void LeaseUnreachable(this ILoggingAdapter log, string holder, string reason) =>
        log.Warning("C113 {0}: the lease on the journal could not be asked for and is asked for again: {1}", holder, reason);

    public static void ManagerStopped(this ILoggingAdapter log, long token) =>
        log.Warning("C114 the job manager of token {0} has stopped, as after a write that was refused; the lease is asked for again.", token);

    public static void WorkerLost(this ILoggingAdapter log, JobId job, WorkerId worker, long step) =>
        log.Info("C115 job {0}: worker {1} is lost at step {2}; what it held is opened elsewhere.", job, worker, step);

    public static void WorkerSilent(this ILoggingAdapter log, JobId job, WorkerId worker, long step) =>
        log.Info("C118 job {0}: worker {1} cannot be heard at step {2}; others compute what it owes.", job, worker, step);

    public static void Recovered(this ILoggingAdapter log, JobId job, long step, TimeSpan took) =>
        log.Info("C116 job {0}: goes on at step {1}, {2} ms after a loss was noticed.", job, step, (long)took.TotalMilliseconds);

    public static void TaskReassigned(this ILoggingAdapter log, TaskId task, string reason) =>
        log.Warning("C109 task {0} goes to another worker: {1}", task, reason);

    public static void DataRefused(this ILoggingAdapter log, JobId job, string reason) =>
        log.Warning("C120 job {0}: its data cannot be used; whoever submitted it is told where, but not what stands there: {1}", job, reason);

    public static void NoDataRoots(this ILoggingAdapter log) =>
        log.Warning("C121 data-roots: wanted the folders below which jobs may name files, got none; every job that names one is refused.");

    public static void WordRefused(this ILoggingAdapter log, JobId job, Address node, string what) => log.Warning(
        "C130 job {0}: node {1} said {2}; that is not its to say, and is left out. Usual causes: two workers of one name, shards that are moving, or a node that is not to be trusted.", job, node, what);

    public static void WorkerExcluded(this ILoggingAdapter log, JobId job, WorkerId worker, Address node, string claim, WorkerId other) => log.Error(
        "C131 job {0}: worker {1} at {2} is excluded: it claimed \"{3}\", and worker {4} computed the same micro-batches without failure. Usual causes: a machine that computes wrongly, or a node that is not to be trusted.",
        job, worker, node, claim, other);

    public static void RowCacheRefused(this ILoggingAdapter log, string failure) =>
        log.Warning("C119 {0} Usual causes: a disk that fails, or a file that was written to by something else.", failure);
}
