namespace Cluster.Actors;

internal sealed partial class ActorCell
{
    private Dictionary<IActorRef, object?>? _watching;
    private Dictionary<IActorRef, object?>? _terminated;
    private List<IActorRef>? _watchers;

    public IActorRef Watch(IActorRef subject) => StartWatching(subject, null);

    public IActorRef WatchWith(IActorRef subject, object message) => StartWatching(subject, message);

    public IActorRef Unwatch(IActorRef subject)
    {
        if (subject.Equals(_self))
            return subject;
        ActorRefBase reference = ActorRefBase.Of(subject);
        if (_watching is not null && _watching.Remove(subject))
        {
            if (!IsMine(reference))
                _system.Provider.RemoteWatcher.Remove(reference, _self);
            reference.SendSystemMessage(new Unwatch(subject, _self));
        }

        _terminated?.Remove(subject);
        return subject;
    }

    internal bool IsWatching(IActorRef subject) => _watching is not null && _watching.ContainsKey(subject);

    private bool IsMine(ActorRefBase reference) => reference.IsLocal && (reference is Nobody || ReferenceEquals(reference.Provider, _system.Provider));

    private IActorRef StartWatching(IActorRef subject, object? message)
    {
        if (subject.Equals(_self))
            return subject;
        ActorRefBase reference = ActorRefBase.Of(subject);
        _watching ??= [];
        // As in Akka.NET, the first watch stands, with its message, until it is taken back.
        if (!_watching.TryAdd(subject, message))
            return subject;
        if (IsMine(reference))
            reference.SendSystemMessage(new Watch(subject, _self));
        else
            _system.Provider.RemoteWatcher.Add(reference, _self);
        return subject;
    }

    private void AddWatcher(IActorRef watchee, IActorRef watcher)
    {
        if (!watchee.Equals(_self) || watcher.Equals(_self))
            return;
        _watchers ??= [];
        if (!_watchers.Contains(watcher))
            _watchers.Add(watcher);
    }

    private void RemoveWatcher(IActorRef watcher) => _watchers?.Remove(watcher);

    private void TellWatchers()
    {
        if (_watchers is not { } watchers)
            return;
        _watchers = null;
        foreach (IActorRef watcher in watchers)
            ActorRefBase.Of(watcher).SendSystemMessage(new DeathWatchNotification(_self, true, false));
    }

    private void UnwatchAll()
    {
        if (_watching is { } watching)
        {
            _watching = null;
            foreach (ActorRefBase watched in watching.Keys.Select(ActorRefBase.Of))
            {
                if (!IsMine(watched))
                    _system.Provider.RemoteWatcher.Remove(watched, _self);
                watched.SendSystemMessage(new Unwatch(watched, _self));
            }
        }

        _terminated = null;
    }

    private void HandleDeath(DeathWatchNotification death)
    {
        ChildRestartStats? child = FindChild(death.Actor);
        bool mine = child is not null && RemoveChild(death.Actor);
        if (_watching is not null && _watching.Remove(death.Actor, out object? message))
        {
            if (!IsMine(ActorRefBase.Of(death.Actor)))
                _system.Provider.RemoteWatcher.Remove(death.Actor, _self);
            if (_closing != Closing.Termination)
            {
                _terminated ??= [];
                _terminated[death.Actor] = message;
                Send(new Terminated(death.Actor, death.ExistenceConfirmed, death.AddressTerminated), death.Actor);
            }
        }

        if (mine)
            ChildEnded(child!);
    }

    private void ReceiveTerminated(Terminated terminated)
    {
        // Unwatched meanwhile: it shall not be seen.
        if (_terminated is null || !_terminated.Remove(terminated.ActorRef, out object? message))
            return;
        if (message is not null)
            ReplaceCurrentMessage(message);
        ReceiveMessage(message ?? terminated);
    }
}
