using Cluster.Coordinator.Authority;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Privacy;
using Cluster.Coordinator.Telemetry;
using Cluster.Messages;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.ParameterServer;

// What the parameter server does with its disk: checkpoints and the model. All of it in the background.
internal sealed partial class ParameterServerActor
{
    private void OnCheckpointsRead(CheckpointsRead read)
    {
        foreach (string warning in read.Found.Warnings) _log.CheckpointPassedOver(_job.Job, warning);
        if (read.Found.Newest?.Header is { } header && header.DataSha256.Length > 0 && header.DataSha256 != _job.DataSha256)
        {
            Fail(
                FailureKind.BadInput,
                $"{_job.Spec.Data.Source}: wanted the data that the checkpoint of step {header.Step} in {_job.RunDirectory} was trained on (SHA-256 {header.DataSha256[..12]}), "
                + $"got other data ({_job.DataSha256[..12]}); put the data back, or begin in another directory.");
            return;
        }
        if (read.Found.Newest is { } newest && FindMisfit(newest.Header) is { } misfit)
        {
            Fail(FailureKind.Storage, misfit);
            return;
        }
        if (_job.Spending(_reservedSteps) is not { } spending)
        {
            Serve(read);
            return;
        }
        _read = read;       // served once the ledger of the data lets the job go on
        Enter(spending);
    }

    private void Serve(CheckpointsRead read)
    {
        if (read.Found.Newest is { } sound) _numbers.Restore(sound, _reservedSteps);
        else _numbers.Begin(_reservedSteps);
        _log.ParametersReady(_job.Job, _incarnation, _state.Step, _state.Epoch);
        FillRanges();
        Become(Serving);
        TellReady();
    }

    /// <summary>What is spent of the data is in its ledger before the noise is in this journal, and there before it is used.</summary>
    private void Enter(DataSpending spending) => _services.Compute.Run(() => _services.Ledger.Enter(spending)).PipeTo(
        Self, success: others => new SpendingEntered(spending, [.. others]), failure: reason => new SpendingRefused(reason));

    private void OnSpendingEntered(SpendingEntered entered)
    {
        Context.Parent.Tell(entered);
        if (_read is { } read)
        {
            _read = null;
            Serve(read);
        }
        else Persist(new NoiseReserved(_job.Job, entered.Spending.Steps), OnReserved);
    }

    /// <summary>A sound checkpoint of this very job can still be of another version of the learner.</summary>
    private string? FindMisfit(CheckpointHeader header)
    {
        bool fits = header.Numbers == _store.State.Kind && header.StateLength == _store.State.Length && header.OptimizerStateLength == _store.OptimizerState.Length;
        return fits ? null
            : $"{_job.RunDirectory}, checkpoint of step {header.Step}: wanted {_store.State.Kind}[{_store.State.Length}] with {_store.OptimizerState.Length} numbers of optimizerState, "
            + $"got {header.Numbers}[{header.StateLength}] with {header.OptimizerStateLength}; it is of another version: resume with that one, or begin in another directory.";
    }

    private void Rewind(long step)
    {
        _log.ParametersRewound(_job.Job, _state.Step, step);
        _stale?.Clear();
        _epochDoneDue = null;
        Become(Loading);
        _keeper.Read(_job.TextSha256, step, Self);
    }

    private void TakeDueCheckpoint()
    {
        if (_state.CheckpointDue && _keeper.Wants(_state.SoundStep, _state.BestEpoch, Context.System.Scheduler.Now)) TakeNow();
    }

    private void TakeNow()
    {
        _checkpointDue = !_state.IsCurrent && !_keeper.IsWriting;
        if (_checkpointDue) Collect();
        else _keeper.Take(_numbers.Header(_job.TextSha256) with { DataSha256 = _job.DataSha256 }, _store, Self);
    }

    private void OnTakeCheckpoint()
    {
        if (_keeper.IsStored(_state.SoundStep, _state.BestEpoch)) TellStored(_keeper.Newest!);
        else TakeNow();
    }

    private void OnCheckpointStored(CheckpointStored stored)
    {
        _keeper.OnStored(stored);
        TellStored(stored);
        if (_keeper.IsPending) TakeNow();
        AnswerIfEpochStored();
    }

    private void TellStored(CheckpointStored stored)
    {
        TellExchange();
        Context.Parent.Tell(new CheckpointWritten(_job.Job, stored.Header.Step, stored.Header.Epoch, stored.StateSha256));
    }

    private void OnCheckpointNotStored(CheckpointNotStored failed)
    {
        _keeper.OnNotStored();
        FailToStore(failed.Reason);
    }

    private void OnModelNotStored(ModelNotStored failed) => FailToStore(failed.Reason);

    /// <summary>Whoever has lost its authority does not fail the job, which goes on elsewhere: it stops.</summary>
    private void FailToStore(Exception reason)
    {
        if (reason is AuthorityLostException) throw reason;
        Fail(FailureKind.Storage, reason.Message);
    }

    private void OnSaveModel(SaveModel save)
    {
        if (_savingModel) return;
        if (!_state.MaySaveModel)
        {
            TellReady();
            return;
        }
        _savingModel = true;
        NumericBuffer state = new(_numbers.Shown.Kind, _numbers.Shown.Length);
        state.CopyFrom(_numbers.Shown);
        _services.Compute.Run(() => _services.Models.Write(_job, save.Record, state)).PipeTo(
            Self, success: stored => stored, failure: reason => new ModelNotStored(reason));
    }

    private void OnModelStored(ModelStored stored)
    {
        _savingModel = false;
        TellExchange();
        Context.Parent.Tell(new ModelSaved(_job.Job, stored.Path, stored.StateSha256));
    }
}
