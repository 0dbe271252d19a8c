using Cluster.Actors.Membership.Messages;
using Cluster.Actors.Membership.State;

namespace Cluster.Actors.Membership;

/// <summary>
/// The node's voice in the cluster. It routes, sends and publishes; what a message means for the membership is decided by
/// <see cref="MembershipState"/>, <see cref="HeartbeatTable"/> and <see cref="SplitBrainResolver"/>.
/// </summary>
internal sealed partial class ClusterDaemon : ReceiveActor, IWithTimers
{
    /// <summary>Up to so many members every change is told at once.</summary>
    private const int SmallCluster = 16;

    /// <summary>With so many members gossip goes out once a heartbeat; with fewer proportionally more often.</summary>
    private const int MembersPerInterval = 128;

    /// <summary>
    /// In a larger cluster each node tells so many at a time, who tell others: all know within a few rounds. Whoever is left out shows it
    /// by the digest of its next heartbeat, and is answered.
    /// </summary>
    private const int FanOut = 8;

    private readonly Cluster _cluster;
    private readonly ClusterSettings _settings;
    private readonly UniqueAddress _self;
    private readonly ClusterSubscriptions _subscriptions = new();
    private readonly FailureDetector _detector;
    private readonly SortedSet<Address> _gossipTargets = [];
    private MembershipState? _state;
    private HeartbeatTable _heartbeats = HeartbeatTable.Empty;
    private SplitBrainResolver _resolver;
    private ImmutableArray<Address> _seeds = [];
    private string _cause = "others have declared it lost, for it was silent: paused, starved or cut off";
    private bool _flushing;
    private TimeSpan _lastFlush;
    private int _flushes;
    private bool _silent;

    public ClusterDaemon(Cluster cluster)
    {
        _cluster = cluster;
        _settings = cluster.Settings;
        _self = cluster.SelfUniqueAddress;
        _detector = new FailureDetector(_settings);
        _resolver = SplitBrainResolver.Start(_settings.Downing);
        Idle();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static DateTimeOffset Now => Context.System.Scheduler.Now;

    private void Belonging()
    {
        Receive<GossipEnvelope>(OnGossip);
        Receive<Heartbeat>(OnHeartbeat);
        Receive<HeartbeatTick>(_ => OnHeartbeatTick());
        Receive<FlushGossip>(_ => OnFlush());
        Receive<InitJoin>(join => Send(join.From, new InitJoinAck(_self.Address)));
        Receive<JoinRequest>(OnJoinRequest);
        Receive<NodeStopped>(OnNodeStopped);
        Receive<ConnectionFailed>(failed => _heartbeats = _heartbeats.Doubt(failed.To));
        Receive<LeaveCommand>(leave => Advance(_state!.Leave(leave.Address)));
        Receive<DownCommand>(down => Advance(_state!.Down(down.Address)));
        Receive<ExitingCompleted>(_ => Advance(_state!.ConfirmExit()));
        Receive<StopCommand>(OnStopCommand);
        Subscriptions();
        Receive<IClusterDaemonMessage>(_ => { }); // a late answer to a question that has been settled
        Receive<IClusterCommand>(_ => { });
    }

    /// <summary>This life's part in the cluster is over.</summary>
    private void Over()
    {
        Receive<StopCommand>(OnStopCommand);
        Receive<Heartbeat>(beat => Send(beat.From.Address, new NodeStopped(_self)), _ => _silent);
        Subscriptions();
        Receive<IClusterDaemonMessage>(_ => { });
        Receive<IClusterCommand>(_ => { });
    }

    private void Subscriptions()
    {
        Receive<SubscribeCommand>(subscribe => _subscriptions.Add(subscribe.Subscriber, subscribe.Types, subscribe.Mode, _state));
        Receive<UnsubscribeCommand>(unsubscribe => _subscriptions.Remove(unsubscribe.Subscriber, unsubscribe.Type));
        Receive<SendStateCommand>(send => send.Receiver.Tell(ClusterEvents.Snapshot(_state)));
    }

    private void OnGossip(GossipEnvelope envelope)
    {
        if (envelope.To is { } to && to != _self) return; // meant for an earlier life of this node
        _heartbeats = _heartbeats.Heard(envelope.From, Now);
        if (envelope.Gossip.Founder != _state!.Gossip.Founder)
        {
            OnForeignCluster(envelope);
            return;
        }

        Advance(_state.Merge(envelope.Gossip));
        if (_state.Gossip.Digest != envelope.Gossip.Digest) Answer(envelope.From);
    }

    /// <summary>Two clusters were founded and have met: the smaller ends, so that its nodes come back into the greater.</summary>
    private void OnForeignCluster(GossipEnvelope envelope)
    {
        int mine = _state!.Members.Present.Count();
        int theirs = envelope.Gossip.Members.Present.Count();
        bool yield = mine != theirs ? mine < theirs : _state.Gossip.Founder > envelope.Gossip.Founder;
        if (!yield)
        {
            SendGossip(envelope.From);
            return;
        }

        _cause = $"it has met {envelope.From} of a cluster that was founded beside its own and is to stay";
        Advance(_state.Down(_state.Members.Present.Select(row => row.Node)));
    }

    private void OnHeartbeat(Heartbeat beat)
    {
        _heartbeats = _heartbeats.Beat(beat.From, Now, _detector);
        if (beat.Digest != _state!.Gossip.Digest) Answer(beat.From);
    }

    private void OnHeartbeatTick()
    {
        OnSilence(_heartbeats.Look(Others(), Now, _settings.HeartbeatInterval));
        if (_state!.IsOut) return;
        (_resolver, ImmutableArray<UniqueAddress> lost) = _resolver.Observe(_state, Now);
        if (lost.Contains(_self)) _cause = $"it cannot hear {string.Join(", ", _state.Unreachable)}, and those may go on without it";
        if (!lost.IsEmpty) Advance(_state.Down(lost));
        if (_state.IsOut) return;

        Heartbeat beat = new(_self, _state.Gossip.Digest);
        SortedSet<Address> targets = [.. Others().Select(node => node.Address)];
        if (_state.Leader == _self) targets.UnionWith(_seeds); // a seed that was restarted may have founded a cluster of its own
        targets.Remove(_self.Address);
        foreach (Address target in targets) Send(target, beat);
    }

    private void OnSilence(HeartbeatTable heartbeats)
    {
        _heartbeats = heartbeats;
        // Whoever is cut off sees it as late as this node does, and then ends by itself after StableAfter.
        TimeSpan ended = _detector.PatienceMax + _settings.Downing.StableAfter + _settings.Downing.RemovalMargin;
        Advance(_state!.Knowing(heartbeats.Silent(Now, ended)).Observe(heartbeats.Suspected(Now, _detector)));
    }

    private void OnJoinRequest(JoinRequest join)
    {
        MemberRow? known = _state!.Members[join.Node];
        if (known is { Status: RowStatus.Down or RowStatus.Removed })
            Send(join.Node.Address, new JoinRefused(_self.Address, $"{join.Node} was declared lost; restart the node"));
        else if (known is null && _state.Members.Present.Count() >= ClusterSettings.MembersMax)
            Send(join.Node.Address, new JoinRefused(_self.Address, $"the cluster has {ClusterSettings.MembersMax} members, the most it takes"));
        else
        {
            Advance(_state.Join(join.Node, join.Roles));
            Send(join.Node.Address, new Welcome(_self, _state.Gossip));
        }
    }

    private void OnNodeStopped(NodeStopped stopped)
    {
        if (stopped.Node == _self) return;
        Advance(_state!.Stopped(stopped.Node));
        OnSilence(_heartbeats.Stopped(stopped.Node));
    }

    /// <summary>Nothing that others must not run beside this node runs here any more.</summary>
    private void OnStopCommand(StopCommand stop)
    {
        if (!_cluster.IsTerminated) End();
        _silent = true;
        foreach (UniqueAddress node in Others()) Send(node.Address, new NodeStopped(_self));
        stop.Done.TrySetResult(Done.Instance);
    }

    private void Advance(MembershipState proposed)
    {
        MembershipState? before = _state;
        MembershipState after = proposed.Settle();
        _state = after;
        if (before is not null && after.Gossip.Digest == before.Gossip.Digest) return;
        _gossipTargets.UnionWith((before?.Members.Present ?? []).Concat(after.Members.Present).Select(row => row.Node.Address));
        FlushSoon();
        _cluster.Show(after);
        ImmutableArray<ClusterEvent.IClusterDomainEvent> changes = ClusterEvents.Between(before, after);
        _cluster.OnChanges(changes);
        _subscriptions.Publish(changes);
        if (!after.IsOut) return;
        if (before?.SelfRow is { Status: < RowStatus.Exiting }) _cluster.Log.Error("{0} ends: {1}; it can join again once it is restarted", _self, _cause);
        End();
    }

    /// <summary>Tells a node what it does not know; in a large cluster together with what else comes up meanwhile.</summary>
    private void Answer(UniqueAddress node)
    {
        if (GossipPause() == TimeSpan.Zero)
        {
            SendGossip(node);
            return;
        }

        _gossipTargets.Add(node.Address);
        FlushSoon();
    }

    private void FlushSoon()
    {
        if (_flushing) return;
        _flushing = true;
        TimeSpan due = _lastFlush + GossipPause() - Context.System.Scheduler.MonotonicClock;
        if (due > TimeSpan.Zero) Timers.StartSingleTimer(FlushGossip.Instance, FlushGossip.Instance, due);
        else Self.Tell(FlushGossip.Instance);
    }

    /// <summary>
    /// A change that all n nodes see makes each of them tell others. Where n is large, each waits for what the others say and passes it on
    /// at once, to a few: n messages a round in place of n² for every change.
    /// </summary>
    private TimeSpan GossipPause()
    {
        int members = _state!.Members.Present.Count();
        return members <= SmallCluster ? TimeSpan.Zero : _settings.HeartbeatInterval * Math.Min(1, members / (double)MembersPerInterval);
    }

    private void OnFlush()
    {
        _gossipTargets.Remove(_self.Address);
        Flush(_state!.Members.Present.Count() <= SmallCluster ? _gossipTargets : _gossipTargets.OrderBy(ShareOf).Take(FanOut));
    }

    /// <summary>Where an address stands in this node's next round: another order for every node and round, the same in every run.</summary>
    private int ShareOf(Address target) => StableHash.Combine(StableHash.Combine(StableHash.Of(_self.Address.ToString()), _flushes), StableHash.Of(target.ToString()));

    private void Flush(IEnumerable<Address> targets)
    {
        _flushing = false;
        _flushes++;
        _lastFlush = Context.System.Scheduler.MonotonicClock;
        foreach (Address target in targets.ToArray()) SendGossip(target);
        _gossipTargets.Clear();
    }

    private void End()
    {
        _gossipTargets.Remove(_self.Address);
        Flush(_gossipTargets);
        Timers.CancelAll();
        Become(Over);
        _subscriptions.Publish([ClusterEvent.ClusterShuttingDown.Instance]);
        _cluster.OnEnded(_state);
    }

    private IEnumerable<UniqueAddress> Others() => _state?.Members.Present.Select(row => row.Node).Where(node => node.Address != _self.Address) ?? [];

    private void SendGossip(Address to)
    {
        UniqueAddress? node = _state!.Members.Rows.Keys.LastOrDefault(row => row.Address == to && _state.Members[row] is { Status: not RowStatus.Removed });
        Send(to, new GossipEnvelope(_self, node, _state.Gossip));
    }

    private void SendGossip(UniqueAddress to) => Send(to.Address, new GossipEnvelope(_self, to, _state!.Gossip));

    private static void Send(Address to, IClusterDaemonMessage message) =>
        ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(new RootActorPath(to) / "system" / Cluster.DaemonName).Tell(message);
}
