namespace Cluster.Actors.Sharding.Coordination;

/// <summary>
/// Which region runs which shard, and what is on the move. Immutable, no clock, no messages of its own: each method returns the
/// next state and what is to be sent.
/// </summary>
internal sealed record CoordinatorState
{
    private static readonly ImmutableSortedDictionary<string, ShardPlace> s_noPlaces = ImmutableSortedDictionary.Create<string, ShardPlace>(StringComparer.Ordinal);

    /// <summary>Regions that run shards.</summary>
    public ImmutableSortedSet<IActorRef> Regions { get; init; } = [];

    /// <summary>Regions that only send.</summary>
    public ImmutableSortedSet<IActorRef> Proxies { get; init; } = [];

    /// <summary>Regions that give up all their shards.</summary>
    public ImmutableSortedSet<IActorRef> Leaving { get; init; } = [];

    public ImmutableSortedDictionary<string, ShardPlace> Places { get; init; } = s_noPlaces;

    public ImmutableSortedDictionary<string, HandOffState> HandOffs { get; init; } =
        ImmutableSortedDictionary.Create<string, HandOffState>(StringComparer.Ordinal);

    /// <summary>The last decision's number.</summary>
    public long Version { get; init; }

    /// <summary>The shards of each region that may get more, as strategies want them.</summary>
    public ImmutableSortedDictionary<IActorRef, IImmutableList<string>> Allocations => Regions.Except(Leaving)
        .ToImmutableSortedDictionary(region => region, region => (IImmutableList<string>)ShardsOf(region));

    private IEnumerable<IActorRef> Everyone => Regions.Concat(Proxies);

    public ImmutableList<string> ShardsOf(IActorRef region) =>
        [.. Places.Where(entry => entry.Value.Region.Equals(region)).Select(entry => entry.Key)];

    /// <summary>A region has come, or says again what it runs. Of two that run the same shard the later decision counts.</summary>
    /// <param name="register">What the region says.</param>
    /// <param name="renew">Whether what is learnt is decided anew at once.</param>
    public (CoordinatorState Next, ImmutableArray<Outgoing> Out) Register(Register register, bool renew)
    {
        if (register.Proxy) return (this with { Proxies = Proxies.Add(register.Region) }, []);
        CoordinatorState next = this with { Regions = Regions.Add(register.Region) };
        List<Outgoing> messages = [];
        foreach ((string shard, long version) in register.Shards)
        {
            next = next with { Version = Math.Max(next.Version, version) };
            ShardPlace? place = next.Places.GetValueOrDefault(shard);
            if (place is not null && !place.Region.Equals(register.Region) && place.Version >= version)
            {
                messages.Add(new Outgoing(register.Region, new HandOff(shard, place.Version)));
                continue;
            }

            if (place is not null && place.Version > version) continue; // it has not yet heard of the newer decision
            if (place is not null && !place.Region.Equals(register.Region)) messages.Add(new Outgoing(place.Region, new HandOff(shard, version)));
            if (place is not null && place.Version == version) continue;
            next = next with { Places = next.Places.SetItem(shard, new ShardPlace(register.Region, version, Started: true)) };
            if (renew) next = next.Renew(shard);
        }

        return (next, [.. messages]);
    }

    /// <summary>
    /// Decides anew what the regions have said. A former coordinator may have begun to move a shard, and whoever has heard of
    /// that ignores the decision before it.
    /// </summary>
    public CoordinatorState Renew()
    {
        CoordinatorState next = this;
        foreach (string shard in Places.Keys) next = next.Renew(shard);
        return next;
    }

    /// <summary>The shard gets a home, unless it has one.</summary>
    public (CoordinatorState Next, ImmutableArray<Outgoing> Out) Allocate(string shard, IActorRef region)
    {
        if (Places.ContainsKey(shard) || HandOffs.ContainsKey(shard) || !Regions.Contains(region)) return (this, []);
        long version = Version + 1;
        CoordinatorState next = this with { Version = version, Places = Places.SetItem(shard, new ShardPlace(region, version, Started: false)) };
        ShardHome home = new(shard, region, version);
        return (next, [new Outgoing(region, new HostShard(shard, version)), .. Everyone.Where(other => !other.Equals(region)).Select(other => new Outgoing(other, home))]);
    }

    public CoordinatorState Started(ShardStarted started) =>
        Places.TryGetValue(started.Shard, out ShardPlace? place) && place.Region.Equals(started.Region) && place.Version == started.Version
            ? this with { Places = Places.SetItem(started.Shard, place with { Started = true }) }
            : this;

    /// <summary>The shard shall move: first nobody sends to it any more, then it is stopped, then it gets a new home.</summary>
    public (CoordinatorState Next, ImmutableArray<Outgoing> Out) BeginHandOff(string shard)
    {
        if (HandOffs.ContainsKey(shard) || !Places.TryGetValue(shard, out ShardPlace? place)) return (this, []);
        long version = Version + 1;
        HandOffState handOff = new(version, place.Region, [.. Everyone]);
        CoordinatorState next = this with { Version = version, HandOffs = HandOffs.SetItem(shard, handOff) };
        return (next, [.. Everyone.Select(region => new Outgoing(region, new BeginHandOff(shard, version)))]);
    }

    public (CoordinatorState Next, ImmutableArray<Outgoing> Out) Acknowledged(BeginHandOffAck ack) =>
        HandOffs.TryGetValue(ack.Shard, out HandOffState? handOff) && handOff.Version == ack.Version && !handOff.Stopping
            ? NoLongerAwaits(ack.Shard, handOff, ack.Region)
            : (this, []);

    /// <summary>The shard has stopped; true where it now needs a home.</summary>
    public (CoordinatorState Next, bool NeedsHome) Stopped(ShardStopped stopped)
    {
        if (HandOffs.TryGetValue(stopped.Shard, out HandOffState? handOff) && handOff.From.Equals(stopped.Region) && stopped.Version >= handOff.Version)
            return (this with { HandOffs = HandOffs.Remove(stopped.Shard), Places = Places.Remove(stopped.Shard) }, true);
        return (this, false);
    }

    public (CoordinatorState Next, ImmutableArray<Outgoing> Out) Leave(IActorRef region)
    {
        if (!Regions.Contains(region)) return (this, []);
        CoordinatorState next = this with { Leaving = Leaving.Add(region) };
        List<Outgoing> messages = [];
        foreach (string shard in next.ShardsOf(region))
        {
            (next, ImmutableArray<Outgoing> more) = next.BeginHandOff(shard);
            messages.AddRange(more);
        }

        return (next, [.. messages]);
    }

    /// <summary>The region is gone. Names the shards that need a home now.</summary>
    public (CoordinatorState Next, ImmutableArray<Outgoing> Out, ImmutableArray<string> Homeless) Remove(IActorRef region)
    {
        ImmutableArray<string> homeless = [.. ShardsOf(region)];
        CoordinatorState next = this with
        {
            Regions = Regions.Remove(region),
            Proxies = Proxies.Remove(region),
            Leaving = Leaving.Remove(region),
            Places = Places.RemoveRange(homeless),
            HandOffs = HandOffs.RemoveRange(homeless),
        };
        List<Outgoing> messages = [];
        foreach ((string shard, HandOffState handOff) in next.HandOffs.Where(entry => !entry.Value.Stopping))
        {
            (next, ImmutableArray<Outgoing> more) = next.NoLongerAwaits(shard, handOff, region);
            messages.AddRange(more);
        }

        return (next, [.. messages], homeless);
    }

    /// <summary>All questions that have not been answered, again.</summary>
    public ImmutableArray<Outgoing> Retry()
    {
        IEnumerable<Outgoing> hosts = Places.Where(entry => !entry.Value.Started && !HandOffs.ContainsKey(entry.Key))
            .Select(entry => new Outgoing(entry.Value.Region, new HostShard(entry.Key, entry.Value.Version)));
        IEnumerable<Outgoing> begins = HandOffs.Where(entry => !entry.Value.Stopping)
            .SelectMany(entry => entry.Value.Awaiting.Select(region => new Outgoing(region, new BeginHandOff(entry.Key, entry.Value.Version))));
        IEnumerable<Outgoing> stops = HandOffs.Where(entry => entry.Value.Stopping)
            .Select(entry => new Outgoing(entry.Value.From, new HandOff(entry.Key, entry.Value.Version)));
        return [.. hosts, .. begins, .. stops];
    }

    private CoordinatorState Renew(string shard) => this with
    {
        Version = Version + 1,
        Places = Places.SetItem(shard, Places[shard] with { Version = Version + 1, Started = false }),
    };

    private (CoordinatorState Next, ImmutableArray<Outgoing> Out) NoLongerAwaits(string shard, HandOffState handOff, IActorRef region)
    {
        HandOffState next = handOff with { Awaiting = handOff.Awaiting.Remove(region) };
        ImmutableArray<Outgoing> messages = next.Stopping ? [new Outgoing(next.From, new HandOff(shard, next.Version))] : [];
        return (this with { HandOffs = HandOffs.SetItem(shard, next) }, messages);
    }
}
