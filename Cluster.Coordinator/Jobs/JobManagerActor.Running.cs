using Cluster.Coordinator.Telemetry;
using Cluster.Messages;

namespace Cluster.Coordinator.Jobs;

// The jobs that run: begun again after a restart, started again after a failure, and ended, which makes room for the next.
internal sealed partial class JobManagerActor
{
    private void StartRunning()
    {
        foreach (JobEntry job in _jobs.Running.ToArray()) Start(job, _lostAt);
        BeginNext();
    }

    private void OnAdvanced(JobAdvanced advanced)
    {
        if (_failures.TryGetValue(NameOf(advanced.Job), out ChildFailures? failures)) failures.Reached(advanced.Step);
        _jobs.Advance(advanced.Job, advanced.Step, advanced.Epoch);
    }

    private void OnFinished(JobFinished finished, Action? journalled = null)
    {
        if (_jobs.Find(finished.Job) is not { Finished: null }) return;
        Persist(finished, entry =>
        {
            _jobs.Apply(entry);
            journalled?.Invoke();
            _services.Progress.Report(entry);
            _failures.Remove(NameOf(entry.Job));
            if (_coordinators.Remove(NameOf(entry.Job), out IActorRef? coordinator)) Context.Stop(coordinator);
            BeginNext();
        });
    }

    private void OnStopped(IActorRef child)
    {
        string name = child.Path.Name;
        bool wasWanted = _coordinators.TryGetValue(name, out IActorRef? wanted) && wanted.Equals(child) && _coordinators.Remove(name);
        if (_jobs.Running.FirstOrDefault(job => NameOf(job.Submitted.Job) == name) is not { } entry) return;
        if (!wasWanted)
        {
            Start(entry, lostAt: null);
            return;
        }
        ChildFailures failures = _failures[name];
        TimeSpan pause = failures.OnStopped(entry.Line.Step), now = Context.System.Scheduler.MonotonicClock;
        if (failures.GivenUp is { } reason)
        {
            OnFinished(JobReports.Failed(entry.Submitted.Job, FailureKind.Internal, reason));
            return;
        }
        _log.ChildStopped(name, failures.Failures, pause, failures.Reason);
        Timers.StartSingleTimer(name, new StartAgain(name, now), pause);
    }

    private void OnStartAgain(StartAgain again)
    {
        if (_jobs.Running.FirstOrDefault(job => NameOf(job.Submitted.Job) == again.Child) is { } entry) Start(entry, again.LostAt);
    }
}
