using Cluster.Actors.Membership.Messages;
using Cluster.Actors.Membership.State;

namespace Cluster.Actors.Membership;

/// <summary>How a node finds its cluster: idle, seeking a seed node that belongs to one, knocking at a member.</summary>
internal sealed partial class ClusterDaemon
{
    /// <summary>Unanswered knocks after which a node that has seeds asks them anew.</summary>
    private const int KnocksMax = 20;

    /// <summary>Nodes that asked this one before it belonged to a cluster and are told when it does.</summary>
    private const int WaitingNodesMax = 64;

    private readonly SortedSet<Address> _waitingNodes = [];
    private readonly SortedSet<Address> _nacks = [];
    private DateTimeOffset _seekingSince;
    private Address? _door;
    private int _knocks;

    private bool IsFirstSeed => !_seeds.IsEmpty && _seeds[0] == _self.Address;

    private void Idle()
    {
        Receive<JoinCommand>(join => Knock(join.Address));
        Receive<JoinSeedNodesCommand>(join => Seek(join.SeedNodes));
        Receive<StopCommand>(stop =>
        {
            EndUnjoined();
            stop.Done.TrySetResult(Done.Instance);
        });
        Receive<ExitingCompleted>(_ => EndUnjoined());
        Unjoined();
    }

    private void Seeking()
    {
        Receive<InitJoinAck>(ack => Knock(ack.From));
        Receive<InitJoinNack>(OnNack);
        Receive<Heartbeat>(beat => Knock(beat.From.Address)); // an old cluster misses this node: it is there to join
        Receive<GossipEnvelope>(gossip => Knock(gossip.From.Address));
        Receive<JoinTick>(_ => OnSeekTick());
        Receive<ConnectionRefused>(OnConnectionRefused);
        Idle();
    }

    private void Knocking()
    {
        Receive<Welcome>(welcome => Enter(new MembershipState(_self, welcome.Gossip)), welcome => welcome.Gossip.Members[_self] is not null);
        Receive<JoinRefused>(refused => OnRefused(refused.From, refused.Reason));
        Receive<ConnectionRefused>(OnConnectionRefused);
        Receive<JoinTick>(_ => OnKnockTick());
        Idle();
    }

    private void Unjoined()
    {
        Receive<InitJoin>(OnEarlyInitJoin);
        Subscriptions();
        Receive<IClusterDaemonMessage>(_ => { }); // gossip for an earlier life, or for one not yet taken in
        Receive<IClusterCommand>(_ => { });
    }

    private void Seek(ImmutableArray<Address> seeds)
    {
        _seeds = seeds;
        _seekingSince = Now;
        _nacks.Clear();
        Become(Seeking);
        Timers.StartPeriodicTimer(JoinTick.Instance, JoinTick.Instance, _settings.JoinRetryInterval);
        OnSeekTick();
    }

    private void OnSeekTick()
    {
        if (MayFound()) Found();
        else foreach (Address seed in _seeds.Where(seed => seed != _self.Address)) Send(seed, new InitJoin(_self.Address));
    }

    /// <summary>Only the first seed founds: when all others look for a cluster themselves, or do not answer.</summary>
    private bool MayFound()
    {
        TimeSpan sought = Now - _seekingSince;
        bool nobodyKnows = _seeds.All(seed => seed == _self.Address || _nacks.Contains(seed));
        return IsFirstSeed && sought >= _settings.FoundingPatience && (nobodyKnows || sought >= _settings.SeedNodeTimeout);
    }

    private void OnNack(InitJoinNack nack)
    {
        _nacks.Add(nack.From);
        if (MayFound()) Found();
    }

    private void OnEarlyInitJoin(InitJoin join)
    {
        if (_waitingNodes.Count < WaitingNodesMax) _waitingNodes.Add(join.From);
        Send(join.From, new InitJoinNack(_self.Address));
    }

    private void Knock(Address address)
    {
        if (address == _self.Address)
        {
            Found();
            return;
        }

        _door = address;
        _knocks = 0;
        Become(Knocking);
        Timers.StartPeriodicTimer(JoinTick.Instance, JoinTick.Instance, _settings.JoinRetryInterval);
        OnKnockTick();
    }

    private void OnKnockTick()
    {
        if (_knocks++ >= KnocksMax && !_seeds.IsEmpty) Seek(_seeds);
        else Send(_door!, new JoinRequest(_self, _settings.Roles));
    }

    /// <summary>Another protocol, cluster or key: no seed of the cluster that this node is meant for would take it.</summary>
    private void OnConnectionRefused(ConnectionRefused refused)
    {
        if (_seeds.Contains(refused.By) || refused.By == _door) OnRefused(refused.By, refused.Reason);
    }

    private void OnRefused(Address by, string reason)
    {
        _cluster.Log.Error("{0} refused this node, which ends: {1}", by, reason);
        EndUnjoined();
        _cluster.ShutDown(downed: true);
    }

    private void Found() => Enter(MembershipState.Found(_self, _settings.Roles));

    private void Enter(MembershipState state)
    {
        Timers.Cancel(JoinTick.Instance);
        Become(Belonging);
        Timers.StartPeriodicTimer(HeartbeatTick.Instance, HeartbeatTick.Instance, _settings.HeartbeatInterval);
        Advance(state);
        _heartbeats = _heartbeats.Look(Others(), Now, _settings.HeartbeatInterval);
        foreach (Address waiting in _waitingNodes) Send(waiting, new InitJoinAck(_self.Address));
        _waitingNodes.Clear();
    }

    private void EndUnjoined()
    {
        Timers.CancelAll();
        Become(Over);
        _cluster.OnEnded(null);
    }
}
