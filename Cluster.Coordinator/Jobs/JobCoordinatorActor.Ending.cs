using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Jobs;

// How a stage ends, and with the last of them the job: the result is journalled, then the workers are let go, then the next stage begins or
// the manager is told.
internal sealed partial class JobCoordinatorActor
{
    /// <summary>The stage is over, or the job has failed or was cancelled within it.</summary>
    /// <param name="result">What the stage gave.</param>
    /// <param name="jobText">The job that it leads to; null for the job that it was of.</param>
    private void End(JobFinished result, string? jobText = null)
    {
        JobFinished whole = JobReports.After(_before?.Result, result);
        bool goesOn = result.Status is JobStatus.Completed or JobStatus.StoppedEarly && Stage + 1 < JobPlan.Of(_submitted).Stages.Length;
        if (goesOn) Persist(new StageEnded(_submitted.Job, Stage, jobText ?? _before?.JobText ?? _submitted.JobText, whole), ended => Close(() =>
        {
            OnRecoveredEnd(ended);
            BeginStage();
        }));
        else Persist(whole, entry =>
        {
            _finished = entry;
            Close(Report);
        });
    }

    /// <summary>The job, or its data, could not be read.</summary>
    private void EndUnread(Exception reason)
    {
        string told = DataRoots.TextOf(_services.Roots, reason, _submitted.Job.Value);
        if (told != reason.Message) _log.DataRefused(_submitted.Job, reason.Message);
        End(JobReports.Failed(_submitted.Job, JobReports.KindOf(reason), told));
    }

    private void Close(Action then)
    {
        Timers.CancelAll();
        _closed = then;
        Become(Ending);
        if (_stage!.Retire()) Timers.StartSingleTimer(nameof(RetireDeadline), RetireDeadline.Instance, _services.Limits.RetireDeadline);
        else Closed();
    }

    private void Ending()
    {
        Command<Terminated>(_ => Closed());
        Command<RetireDeadline>(_ => Closed());
        Command<CancelJob>(cancel => Sender.Tell(new JobCancelling(cancel.Job)), _ => _finished is not null);
        CommandAny(_ => { });       // late answers change nothing; who wants the next stage cancelled asks again
    }

    private void Closed()
    {
        Timers.CancelAll();
        Action then = _closed;
        _closed = () => { };
        then();
    }

    private void Report()
    {
        _log.JobEnded(_submitted.Job, _finished!.Status.ToString(), _finished.Reason);
        Context.Parent.Tell(new RunEnded(_run, _finished));
    }
}
