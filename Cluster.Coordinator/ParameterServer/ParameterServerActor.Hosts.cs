using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Messages.Identifiers;

namespace Cluster.Coordinator.ParameterServer;

// Workers come and go; and with bounded staleness each is given work of its own.
internal sealed partial class ParameterServerActor
{
    private void OnHosted(ShardsHosted hosted)
    {
        _hosting.OnHosted(hosted, _state, Context);
        PlaceRanges();
        OnHostsChanged();
    }

    private void OnLost(Predicate<IActorRef> gone)
    {
        WorkerId[] lost = [.. _hosting.Reached.Where(worker => gone(worker.Ref)).Select(worker => worker.Id)];
        foreach (WorkerId worker in lost)
        {
            _log.WorkerLost(_job.Job, worker, _state.Step);
            if (!_hosting.IsSilent(worker)) NoteLoss(worker);
        }
        _hosting.OnLost(lost, _state, Now);
        OnHostsChanged();
        RequireRanges(gone);
    }

    private void OnHostsChanged()
    {
        _stale?.OnHostsChanged(Now);
        if (_failure is null) Perform(_state.OnHostsChanged(_hosting.Holds));
    }

    private void PublishAgain(Decision.PublishAgain again)
    {
        _log.WindowBegunAgain(_job.Job, again.Round.Step);
        (_hosting.Meter.WindowsRepeated, _hosting.Meter.StepsRepeated) = (again.WindowsRepeated, again.StepsRepeated);
        Publish();
    }

    private void OnSilent(ClusterEvent.CurrentClusterState cluster)
    {
        foreach (Member member in cluster.Unreachable) OnSilent(member.Address);
    }

    private void OnSilent(Address node)
    {
        foreach (HostingWorker worker in _hosting.Reached.Where(worker => worker.Ref.Path.Address == node && !_hosting.IsSilent(worker.Id)))
        {
            _log.WorkerSilent(_job.Job, worker.Id, _state.Step);
            NoteLoss(worker.Id);
        }
        _hosting.OnSilent(node, _state, Now);
    }

    private void NoteLoss(WorkerId worker)
    {
        bool owes = _state.IsTrainingStale || _hosting.Owes(worker, _state);
        _recovery.OnLost(Now, owes ? _state.Round.Ordinal : _state.Round.Ordinal + 1);
    }

    private void OnComplete(long round)
    {
        foreach (TimeSpan took in _recovery.OnComplete(round, Now))
        {
            _log.Recovered(_job.Job, _state.Step, took);
            CoordinatorMetrics.OnRecovered(_job.Job, took);
        }
    }

    private bool IsAwaited(ContributionFailed failed) => failed.Round.Purpose == RoundPurpose.TrainStale
        ? _state.IsTrainingStale && _stale!.Awaits(failed.Round)
        : _state.RoundOpen && failed.Round == _state.Round;

    private void OnStaleContribution(PushContribution push)
    {
        if (_stale is null) return;
        (Decision decision, string? failure) = _stale.OnContribution(push, Now);
        if (failure is not null) _log.ContributionRefused(_job.Job, push.Worker, failure);
        if (decision is not Decision.Wait) OnComplete(long.MaxValue);
        Perform(decision);
    }

    private void Dispatch()
    {
        _hosting.Meter.OnOpened(Now);
        _stale!.Dispatch(Now);
        TakeDueCheckpoint();
    }

    private NoWorkerVerdict OnStaleTick()
    {
        (NoWorkerVerdict verdict, bool repeat) = _hosting.OnStaleTick(_state.Clocks!, Now);
        if (repeat) _stale!.Repeat();
        return verdict;
    }

    /// <summary>
    /// With bounded staleness an epoch that is trained again comes to another state: it counts as trained only when its
    /// checkpoint is on disk, so that what is measured of it stays true.
    /// </summary>
    private void OnEpochDone(Decision.EpochDone done)
    {
        if (_stale is null)
        {
            Answer(_job.Trained(done, _store.OptimizerState));
            return;
        }
        _stale.Clear();
        _hosting.Meter.OnClosed(_hosting.Workers, Now);
        _epochDoneDue = _keeper.IsStored(_state.Step, _state.BestEpoch) ? null : done;
        if (_epochDoneDue is not null) TakeNow();
        else Context.Parent.Tell(_job.Trained(done, _store.OptimizerState));
    }

    private void AnswerIfEpochStored()
    {
        if (_epochDoneDue is not { } done || !_keeper.IsStored(_state.Step, _state.BestEpoch)) return;
        _epochDoneDue = null;
        Context.Parent.Tell(_job.Trained(done, _store.OptimizerState));
    }
}
