namespace Cluster.Actors;

internal sealed partial class ActorCell
{
    private bool _failed;
    private Exception? _restartCause;
    private List<SystemMessage>? _deferred;

    private void InvokeSystem(SystemMessage message)
    {
        if (_restartCause is not null && message.WaitsForRestart)
        {
            (_deferred ??= []).Add(message);
            return;
        }

        try
        {
            switch (message)
            {
                case Create:
                    CreateActor();
                    break;
                case Suspend:
                    SuspendAll();
                    break;
                case Resume resume:
                    ResumeAfterFault(resume.CausedByFailure);
                    break;
                case Recreate recreate:
                    RestartAfterFault(recreate.Cause);
                    break;
                case Terminate:
                    TerminateActor();
                    break;
                case Watch watch:
                    AddWatcher(watch.Watchee, watch.Watcher);
                    break;
                case Unwatch unwatch:
                    RemoveWatcher(unwatch.Watcher);
                    break;
                case Failed failed:
                    HandleChildFailure(failed);
                    break;
                case DeathWatchNotification death:
                    HandleDeath(death);
                    break;
                case ReceiveTimeoutElapsed elapsed:
                    CheckReceiveTimeout(elapsed.Generation);
                    break;
            }
        }
        catch (Exception cause)
        {
            HandleInvokeFailure(cause, null);
        }
    }

    private void CreateActor()
    {
        try
        {
            _actor = NewActor();
            _actor.AroundPreStart();
            _everCreated = true;
        }
        catch (Exception cause)
        {
            ClearActor(unstash: true);
            throw cause is ActorInitializationException
                ? cause
                : new ActorInitializationException(_self, $"Exception during creation: {cause.Message}", cause);
        }
    }

    /// <summary>Stands still, has the children stand still, and lets the parent decide.</summary>
    private void HandleInvokeFailure(Exception cause, IReadOnlyCollection<IActorRef>? childrenNotToSuspend)
    {
        if (_failed)
            return;
        _suspensions++;
        _failed = true;
        foreach (ChildRestartStats child in ChildStats())
        {
            if (childrenNotToSuspend is null || !childrenNotToSuspend.Contains(child.Child))
                child.Child.Suspend();
        }

        _parent.SendSystemMessage(new Failed(_self, cause));
    }

    private void SuspendAll()
    {
        _suspensions++;
        foreach (ChildRestartStats child in ChildStats())
            child.Child.Suspend();
    }

    private void ResumeAfterFault(Exception? causedByFailure)
    {
        if (_actor is null && _closing == Closing.No)
        {
            // It failed before it existed: resuming means making it.
            RestartNeverCreated(causedByFailure ?? new IllegalActorStateException("resumed before it was created"));
            return;
        }

        ResumeMailbox();
        if (causedByFailure is not null)
            _failed = false;
        foreach (ChildRestartStats child in ChildStats())
            child.Child.Resume(causedByFailure);
    }

    private void ResumeMailbox()
    {
        if (_suspensions > 0)
            _suspensions--;
    }

    private void RestartAfterFault(Exception cause)
    {
        if (_closing == Closing.Termination)
        {
            ResumeAfterFault(null);
            return;
        }

        if (_actor is null)
        {
            RestartNeverCreated(cause);
            return;
        }

        ActorBase failing = _actor;
        try
        {
            failing.AroundPreRestart(cause, _currentEnvelope.Message);
        }
        catch (Exception restartException)
        {
            PublishError(new PreRestartException(_self, restartException, cause, _currentEnvelope.Message), "PreRestart failed");
        }
        finally
        {
            ClearActor(unstash: true);
            _currentEnvelope = default;
        }

        if (!WaitForChildren(Closing.Recreation))
            FinishRestart(cause);
        else
            _restartCause = cause;
    }

    private void RestartNeverCreated(Exception cause)
    {
        SetReceiveTimeout(null);
        foreach (ChildRestartStats child in ChildStats())
            child.Child.Stop();
        if (!WaitForChildren(Closing.Recreation))
            FinishRestart(cause);
        else
            _restartCause = cause;
    }

    private void FinishRestart(Exception cause)
    {
        bool wasCreated = _everCreated;
        _restartCause = null;
        _failed = false;
        ResumeMailbox();
        ChildRestartStats[] survivors = ChildStats();
        try
        {
            _actor = NewActor();
            _everCreated = true;
            if (wasCreated)
                _actor.AroundPostRestart(cause, null!);
            else
                _actor.AroundPreStart();
            foreach (ChildRestartStats survivor in survivors)
                survivor.Child.Restart(cause);
        }
        catch (Exception failure)
        {
            ClearActor(unstash: true);
            _everCreated = false;
            HandleInvokeFailure(new PostRestartException(_self, failure, cause), [.. survivors.Select(survivor => survivor.Child)]);
        }

        ReplayDeferred();
    }

    private void ReplayDeferred()
    {
        if (_deferred is not { } deferred)
            return;
        _deferred = null;
        foreach (SystemMessage message in deferred)
            InvokeSystem(message);
    }

    private void TerminateActor()
    {
        _restartCause = null;
        SetReceiveTimeout(null);
        foreach (ChildRestartStats child in ChildStats())
            child.Child.Stop();
        bool already = _closing == Closing.Termination;
        if (WaitForChildren(Closing.Termination))
        {
            if (!already)
            {
                _suspensions++;
                _failed = true;
            }
        }
        else
        {
            FinishTermination();
        }
    }

    private void FinishTermination()
    {
        try
        {
            _actor?.AroundPostStop();
        }
        catch (Exception cause)
        {
            PublishError(cause, cause.Message);
        }

        ClearActor(unstash: true);
        _closed = true;
        _parent.SendSystemMessage(new DeathWatchNotification(_self, true, false));
        TellWatchers();
        UnwatchAll();
        _system.Provider.CellTerminated(_self);
    }

    private void HandleChildFailure(Failed failed)
    {
        _currentEnvelope = new Envelope(failed, failed.Child);
        if (FindChild(failed.Child) is not { } stats)
            return;
        SupervisorStrategy strategy = _actor?.Strategy ?? SupervisorStrategy.DefaultStrategy;
        if (!strategy.HandleFailure(this, failed.Child, failed.Cause, stats, ChildStats()))
            throw failed.Cause;
        _currentEnvelope = default;
    }

    private void PublishError(Exception cause, string text) =>
        _system.EventStream.Publish(new Error(cause, _self.Path.ToString(), _actor?.GetType() ?? Props.Type, text, _system.Now));
}
