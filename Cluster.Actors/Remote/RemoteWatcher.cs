namespace Cluster.Actors;

/// <summary>
/// Which local actors watch which remote ones. Each watch is sent again from time to time: the far side takes it as the
/// same watch and answers for an actor that has ended, so neither a lost watch nor a lost notice is lost for good.
/// </summary>
internal sealed class RemoteWatcher(EmbeddedActorSystem system)
{
    /// <summary>How often a watch is sent again.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(IActorRef Watchee, IActorRef Watcher), ActorRefBase> _pairs = [];
    private ICancelable? _timer;

    internal void Add(ActorRefBase watchee, LocalActorRef watcher)
    {
        if (system.Provider.Gateway?.IsLost(watchee.Path.Address) == true)
        {
            watcher.Cell.SendSystem(new DeathWatchNotification(watchee, false, true));
            return;
        }

        if (watchee is not RemoteActorRef || !system.Provider.IsOwn(watchee.Path.Address))
        {
            lock (_gate)
            {
                _pairs[(watchee, watcher)] = watchee;
                if (_timer is null)
                {
                    _timer = system.Scheduler.Advanced.ScheduleRepeatedlyCancelable(Interval, Interval, WatchAgain);
                }
            }
        }

        watchee.SendSystemMessage(new Watch(watchee, watcher));
    }

    internal void Remove(IActorRef watchee, LocalActorRef watcher)
    {
        lock (_gate)
        {
            _pairs.Remove((watchee, watcher));
            if (_pairs.Count > 0 || _timer is null)
                return;
            _timer.Cancel();
            _timer = null;
        }
    }

    internal void AddressLost(Address address)
    {
        foreach (((IActorRef watchee, IActorRef watcher), _) in Pairs())
        {
            if (watchee.Path.Address.Equals(address))
                ActorRefBase.Of(watcher).SendSystemMessage(new DeathWatchNotification(watchee, false, true));
        }
    }

    private KeyValuePair<(IActorRef Watchee, IActorRef Watcher), ActorRefBase>[] Pairs()
    {
        lock (_gate)
            return [.. _pairs.OrderBy(pair => pair.Key.Watcher.Path.Uid).ThenBy(pair => pair.Key.Watchee.Path.Uid)];
    }

    private void WatchAgain()
    {
        foreach (((IActorRef watchee, IActorRef watcher), ActorRefBase reference) in Pairs())
            reference.SendSystemMessage(new Watch(watchee, watcher));
    }
}
