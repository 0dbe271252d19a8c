using Cluster.Actors.Sharding.Coordination;
using Cluster.Actors.Sharding.Regions;
using Cluster.Actors.Singleton;

namespace Cluster.Actors.Sharding;

/// <summary>What a region settles with its coordinator: who it is, which shards run here, and where the others are.</summary>
public sealed partial class ShardRegion
{
    /// <summary>Ticks from one introduction to a known coordinator to the next.</summary>
    private const int IntroductionTicks = 5;

    private void OnMemberEvent(ClusterEvent.IMemberEvent change)
    {
        if (change is ClusterEvent.MemberRemoved removed)
        {
            string[] lost = [.. _homes.Where(entry => entry.Value.Region.Path.Address == removed.Member.Address).Select(entry => entry.Key)];
            foreach (string shard in lost) _homes.Remove(shard);
        }

        FindCoordinator();
    }

    /// <summary>The coordinator runs on the oldest member of the role; where that is another now, this region introduces itself.</summary>
    private void FindCoordinator()
    {
        UniqueAddress? oldest = Seniority.Of(_cluster.State, _setup.Settings.Role).Oldest?.UniqueAddress;
        if (oldest == _coordinatorNode) return;
        _coordinatorNode = oldest;
        _coordinator = null;
        Introduce();
    }

    private void Introduce()
    {
        if (_coordinatorNode is null) return;
        Register register = new(Self, _cluster.SelfUniqueAddress, _setup.IsProxy, [.. _hosted.Select(entry => new HostedShard(entry.Key, entry.Value.Version))]);
        Coordinator().Tell(register);
    }

    private IActorRef Coordinator() => _coordinator ?? ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(
        new RootActorPath(_coordinatorNode!.Address) / _setup.CoordinatorElements);

    private void OnRegisterAck(RegisterAck ack)
    {
        if (_coordinatorNode is null || AddressOf(ack.Coordinator) != _coordinatorNode.Address) return;
        _coordinator = Context.Watch(ack.Coordinator);
        foreach (string shard in _buffers.Shards) AskForHome(shard);
        if (_leaving) _coordinator.Tell(new GracefulShutdownRequest(Self));
    }

    private void OnTick()
    {
        // A known coordinator hears of this region now and then, too: it may have been restarted and know nothing.
        if (_coordinator is null || _ticks++ % IntroductionTicks == 0) Introduce();
        if (_coordinator is null) return;

        foreach (string shard in _buffers.Shards) AskForHome(shard);
        if (_leaving) _coordinator.Tell(new GracefulShutdownRequest(Self));
    }

    private void AskForHome(string shard) => _coordinator?.Tell(new GetShardHome(shard, Self));

    private void OnShardHome(ShardHome home)
    {
        if (home.Region.Equals(Self))
        {
            Host(home.Shard, home.Version);
            return;
        }

        if (!IsNews(home.Shard, home.Version) || !IsMember(home.Region)) return;
        Note(home.Shard, home.Version);
        if (_hosted.TryGetValue(home.Shard, out Hosted? mine) && !mine.Stopping) StopHosting(home.Shard, mine, home.Version);
        _homes[home.Shard] = new Home(Context.Watch(home.Region), home.Version);
        if (!_hosted.ContainsKey(home.Shard)) Release(home.Shard);
    }

    private void Host(string shard, long version)
    {
        if (_setup.IsProxy || !IsNews(shard, version)) return;
        if (_hosted.TryGetValue(shard, out Hosted? known))
        {
            if (known.Stopping) return; // it starts anew once it has stopped and is asked for again
            _hosted[shard] = known with { Version = version };
        }
        else
        {
            IActorRef started = Context.Watch(Context.ActorOf(_setup.ShardProps(shard), Uri.EscapeDataString(shard)));
            _hosted[shard] = new Hosted(started, version, Stopping: false);
        }

        Note(shard, version);
        _homes[shard] = new Home(Self, version);
        _coordinator?.Tell(new ShardStarted(shard, version, Self));
        Release(shard);
    }

    private void OnBeginHandOff(BeginHandOff begin)
    {
        if (IsNews(begin.Shard, begin.Version))
        {
            Note(begin.Shard, begin.Version);
            _homes.Remove(begin.Shard);
        }

        Sender.Tell(new BeginHandOffAck(begin.Shard, begin.Version, Self));
    }

    private void OnHandOff(HandOff handOff)
    {
        if (!IsNews(handOff.Shard, handOff.Version)) return;
        Note(handOff.Shard, handOff.Version);
        if (_hosted.TryGetValue(handOff.Shard, out Hosted? mine)) StopHosting(handOff.Shard, mine, handOff.Version);
        else Sender.Tell(new ShardStopped(handOff.Shard, handOff.Version, Self));
    }

    private void StopHosting(string shard, Hosted hosted, long version)
    {
        _homes.Remove(shard);
        _hosted[shard] = hosted with { Version = version, Stopping = true };
        if (!hosted.Stopping) hosted.Ref.Tell(StopShard.Instance);
    }

    private void OnTerminated(IActorRef ended)
    {
        if (ended.Equals(_coordinator))
        {
            _coordinator = null;
            return;
        }

        // A region that is gone: of a lost node, or of a former life of a node that is there again.
        foreach (string lost in _homes.Where(entry => entry.Value.Region.Equals(ended)).Select(entry => entry.Key).ToArray()) _homes.Remove(lost);
        string? shard = _hosted.FirstOrDefault(entry => entry.Value.Ref.Equals(ended)).Key;
        if (shard is null) return;
        Hosted hosted = _hosted[shard];
        _hosted.Remove(shard);
        if (hosted.Stopping)
        {
            _coordinator?.Tell(new ShardStopped(shard, hosted.Version, Self));
            if (_homes.ContainsKey(shard)) Release(shard);
        }
        else
        {
            _homes.Remove(shard); // it failed: whoever needs it asks, and it starts here again
        }

        EndWhenEmpty();
    }

    private void OnGracefulShutdown(TaskCompletionSource<Done>? stopped)
    {
        if (stopped is not null) _waiting.Add(stopped);
        _leaving = true;
        if (_cluster.IsTerminated)
        {
            Context.Stop(Self); // there is nobody left to hand over to
            return;
        }

        _coordinator?.Tell(new GracefulShutdownRequest(Self));
        EndWhenEmpty();
    }

    private void EndWhenEmpty()
    {
        if (_leaving && _hosted.Count == 0) Context.Stop(Self);
    }

    /// <summary>Equal versions are news: they are the same decision, repeated.</summary>
    private bool IsNews(string shard, long version) => !_versions.TryGetValue(shard, out long known) || version >= known;

    private void Note(string shard, long version) => _versions[shard] = version;

    private bool IsMember(IActorRef region)
    {
        Address address = AddressOf(region);
        return _cluster.State.Members.Any(member => member.Address == address);
    }

    private Address AddressOf(IActorRef reference) => reference.Path.Address.HasLocalScope ? _cluster.SelfAddress : reference.Path.Address;
}
