using Cluster.Coordinator.ParameterServer;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Ml.Learning;

namespace Cluster.Coordinator.Jobs;

// How a job ends: cancelled, finished or failed. The result is journalled, then the workers are let go, then the manager is told.
internal sealed partial class JobCoordinatorActor
{
    private bool IsCancelled => _state is { } state
        ? state.Record.Course.Next is CourseAction.Finish { Status: CourseStatus.Cancelled }
        : _journalled.LastOrDefault() is CancelJob;

    private void PersistCancel(CancelJob cancel, Action<CancelJob> apply)
    {
        IActorRef asker = Sender;
        if (IsCancelled)
        {
            asker.Tell(new JobCancelling(cancel.Job));      // asked again: the deadline runs on
            return;
        }
        Persist(cancel, entry =>
        {
            apply(entry);
            asker.Tell(new JobCancelling(entry.Job));
        });
    }

    /// <summary>Nothing was trained in this run, so that no checkpoint is missing: a disk that does not answer holds no job's place.</summary>
    private void OnCancelUnread(CancelJob cancel)
    {
        bool again = IsCancelled;       // before a restart
        PersistCancel(cancel, entry =>
        {
            _journalled.Add(entry);
            EndUnread();
        });
        if (again) EndUnread();
    }

    private void EndUnread() => End(JobReports.CancelledUnread(_submitted.Job, _journalled));

    private void OnCancelled(CancelJob cancel)
    {
        _state!.Apply(cancel);
        Timers.StartSingleTimer(nameof(CancelDeadline), CancelDeadline.Instance, _services.Limits.CancelDeadline);
        SendCommand();
    }

    /// <summary>A course that was cancelled ends with the first checkpoint after that.</summary>
    private void EndIfCancelled()
    {
        if (_state!.Record.Course.Next is CourseAction.Finish { Status: CourseStatus.Cancelled }) End(Result(JobStatus.Cancelled));
    }

    private void EndCourse()
    {
        CourseStatus status = ((CourseAction.Finish)_state!.Record.Course.Next).Status;
        bool awaitsCheckpoint = status == CourseStatus.Cancelled && _parameters is not null;
        if (!awaitsCheckpoint) End(Result(JobReports.StatusOf(status)));
    }

    private JobFinished Result(JobStatus status, FailureKind? kind = null, string reason = "") =>
        JobReports.Finished(_job!, _state!.Record, status, _state.Step, kind, reason) with
        {
            Exchange = _exchange,
            DataEpsilon = _spent is { } spent ? spent.Spending.EpsilonWith(spent.Others, _state.Step) : double.NaN,
        };

    private void End(JobFinished finished) => Persist(finished, entry =>
    {
        _finished = entry;
        Timers.CancelAll();
        Become(Ending);
        if (_parameters is null)
        {
            Report();
            return;
        }
        _parameters.Tell(Retire.Instance);
        Timers.StartSingleTimer(nameof(RetireDeadline), RetireDeadline.Instance, _services.Limits.RetireDeadline);
    });

    private void Report()
    {
        Timers.CancelAll();
        _log.JobEnded(_submitted.Job, _finished!.Status.ToString(), _finished.Reason);
        Context.Parent.Tell(new RunEnded(_run, _finished));
    }
}
