using System.Numerics;
using Cluster.Messages.Identifiers;
using Cluster.Ml.Aggregation;

namespace Cluster.Coordinator.ParameterServer.Assignment;

/// <summary>
/// Who computes what: members, what they hold, who is lost, silent or late, and what is missing lead to who is asked for which micro-batches. Sharding gives each
/// shard a home, and only this overrides it. A sum has the same bits whoever computes it, so that no result depends on any of this.
/// </summary>
/// <remarks>
/// Rule       a round goes to all that hold shards, and each computes its own; what is ordered beside that:
///            of a worker that is lost or silent, others stand in for what is missing, each micro-batch once until the round is asked for again or a member changes;
///            of one that is late, what it owes is dealt among those that owe nothing, once a round;
///            of one that says that a step cannot be computed, a second one computes it (<see cref="SecondOpinions"/>)
/// Invariant  each missing micro-batch is asked of one member that is heard, its holder or a stand-in, or sharding is asked for a home; with
///            <paramref name="carries"/> in a training round of its holder alone, for what steps left out lies there
/// Differs    from a map of shards to workers: two may hold a shard while it moves, and both are asked
/// </remarks>
/// <param name="shardCount">M, a power of two.</param>
/// <param name="backUpAfter">After how many median answers a worker is late; null for never.</param>
/// <param name="carries">Whether training carries from step to step what lies with the worker.</param>
internal sealed class WorkAssignment(int shardCount, double? backUpAfter = null, bool carries = false)
{
    // At the first repetition only what is known to be homeless is opened again; if that did not help, a worker may no
    // longer hold what it once announced, and sharding is asked to find out.
    private const int RepeatsBeforeReopening = 2;

    private readonly ShardHosts _hosts = new(shardCount);
    private readonly HashSet<string> _silent = [];
    private readonly SortedSet<int> _homeless = [];     // of workers that are lost
    private readonly HashSet<int> _stoodInFor = [], _backedUp = [];
    private readonly HashSet<WorkerId> _backingUp = [];
    private readonly Lateness? _lateness = backUpAfter is { } after ? new Lateness(after) : null;
    private readonly Asked _asked = new(shardCount);
    private readonly SecondOpinions _opinions = new();

    /// <summary>Workers that hold shards, by name.</summary>
    public IReadOnlyList<ShardHost> Hosts => _hosts.All;

    /// <summary>Workers that can be heard.</summary>
    public IEnumerable<ShardHost> Heard => _hosts.All.Where(host => !IsSilent(host));

    /// <summary>Whether every shard has a host.</summary>
    public bool IsWhole => !_hosts.Unhosted.Any();

    /// <summary>
    /// All shards in bit-reversed order, in which a life opens them: sharding deals them out in turn, so that each of 2ⁿ workers comes to hold an
    /// aligned subtree and sends one sum for it, not one for each shard.
    /// </summary>
    public ImmutableArray<int> Opening
    {
        get
        {
            int bits = BitOperations.Log2((uint)shardCount);
            return [.. Enumerable.Range(0, shardCount).Select(place => BitReversed(place, bits))];
        }
    }

    /// <summary>The worker of that name, or null if it holds nothing.</summary>
    public ShardHost? Find(WorkerId id) => _hosts.Find(id);

    /// <summary>Whether a worker holds a micro-batch, as far as it said.</summary>
    public bool Holds(WorkerId worker, int shard) => _hosts.Find(worker)?.Shards.Contains(shard) == true;

    /// <summary>Whether the worker's node cannot be heard.</summary>
    public bool IsSilent(ShardHost host) => _silent.Contains(host.Node);

    /// <summary>Whether a worker was asked for all of the subtree in the open round.</summary>
    public bool IsAsked(WorkerId worker, SubtreeId subtree) => _asked.Has(worker, subtree);

    /// <summary>A round was sent to all that hold shards.</summary>
    public WorkOrders OnPublished(OpenRound round)
    {
        _backingUp.Clear();
        _backedUp.Clear();
        _stoodInFor.Clear();
        _asked.Open(_hosts.All);
        return StandIn(round);
    }

    /// <summary>A worker says what it holds; if that is missing from the open round, it gets the round at once.</summary>
    public WorkOrders OnHosted(ShardHost said, OpenRound? round)
    {
        ShardHost host = _hosts.Announce(said);
        _homeless.ExceptWith(host.Shards);
        _asked.Add(host.Id, host.Shards);
        if (round is not { } open || host.Shards.Where(open.IsMissing).ToImmutableArray() is not { IsEmpty: false } missing) return WorkOrders.None;
        return WorkOrders.Of(new WorkOrder(host.Id, missing, WorkReason.Arrived));
    }

    /// <summary>A node cannot be heard: what its workers owe is computed by others, too.</summary>
    public WorkOrders OnSilent(string node, OpenRound? round)
    {
        if (_silent.Add(node)) _stoodInFor.Clear();
        return StandIn(round);
    }

    /// <summary>It is heard again.</summary>
    public void OnHeard(string node) => _silent.Remove(node);

    /// <summary>Workers are gone for good: what they held is opened elsewhere, and until then computed by those that are there.</summary>
    public WorkOrders OnLost(IEnumerable<WorkerId> gone, OpenRound? round)
    {
        ShardHost[] lost = [.. gone.Select(_hosts.Lose).OfType<ShardHost>()];
        if (lost.Length == 0) return WorkOrders.None;
        foreach (ShardHost host in lost)
        {
            _silent.Remove(host.Node);
            _homeless.UnionWith(host.Shards);
        }
        _stoodInFor.Clear();
        return StandIn(round) with { Open = [.. _hosts.Unhosted] };
    }

    /// <summary>The round is asked for again: exactly what is missing.</summary>
    /// <param name="round">The round; null if it waits to be published until every shard has a host.</param>
    /// <param name="repeats">How often it has been asked for, from 1.</param>
    public WorkOrders OnRepeated(OpenRound? round, int repeats)
    {
        _stoodInFor.Clear();
        if (round is not { } open) return new WorkOrders([], Reopened(static _ => true, repeats));
        List<WorkOrder> work = [];
        foreach (ShardHost host in _hosts.All)
            if (host.Shards.Where(open.IsMissing).ToImmutableArray() is { IsEmpty: false } missing) work.Add(new WorkOrder(host.Id, missing, WorkReason.Repeated));
        work.AddRange(StandIn(round).Work);
        return new WorkOrders(work, Reopened(open.IsMissing, repeats));
    }

    /// <summary>With bounded staleness no step has become complete for a while: the homes of the slowest are asked for.</summary>
    public WorkOrders OnRepeated(StaleClocks clocks, int repeats) => new([], Reopened(shard => clocks[shard] == clocks.Slowest, repeats));

    /// <summary>The server of a range lacks its part of sums that were sent.</summary>
    public WorkOrders OnPartsLost(ImmutableArray<int> missing, OpenRound round)
    {
        List<WorkOrder> work = [];
        foreach (ShardHost host in missing.IsEmpty ? [] : _hosts.All)
            if (host.Shards.Where(shard => missing.Contains(shard) && !round.Awaits(shard)).ToImmutableArray() is { IsEmpty: false } lost)
                work.Add(new WorkOrder(host.Id, lost, WorkReason.PartsLost));
        return new WorkOrders(work, []);
    }

    /// <summary>A sum of a training round was taken. Says whether the worker holds what it is of.</summary>
    public bool OnTaken(WorkerId worker, SubtreeId subtree, TimeSpan took)
    {
        bool own = Holds(worker, subtree.First);
        if (own) _lateness?.OnOwnAnswer(worker, took);
        return own;
    }

    /// <summary>Time has passed: gives what is late to workers that are free.</summary>
    /// <param name="round">The round.</param>
    /// <param name="open">For how long it has been open.</param>
    public WorkOrders OnTime(OpenRound? round, TimeSpan open)
    {
        if (_lateness is null || round is not { Purpose: RoundPurpose.Train } awaited) return WorkOrders.None;
        SortedSet<int> late = [];
        foreach (ShardHost host in _lateness.Late(_hosts.All.Where(awaited.IsOwedBy), open))
            late.UnionWith(host.Shards.Where(shard => awaited.Awaits(shard) && !_backedUp.Contains(shard)));
        if (late.Count == 0) return WorkOrders.None;
        ShardHost[] idle = [.. Heard.Where(host => !_backingUp.Contains(host.Id) && !awaited.IsOwedBy(host))];
        WorkOrder[] orders = WorkOrder.Deal([.. late], idle, WorkReason.BacksUp);
        foreach (WorkOrder order in orders)
        {
            _backingUp.Add(order.Worker);
            _backedUp.UnionWith(order.Shards);
        }
        return Ordered(orders);
    }

    /// <summary>A worker says that a step cannot be computed: a second one is asked, unless the claim is believed.</summary>
    /// <param name="claim">What it says.</param>
    /// <param name="round">The open round.</param>
    /// <param name="missing">Which of its micro-batches nobody has computed.</param>
    public (Claim? Believed, WorkOrders Orders) OnClaim(Claim claim, RoundId round, ImmutableArray<int> missing)
    {
        (Claim? believed, WorkerId? second) = _opinions.OnClaim(claim, round, Heard.Select(host => host.Id));
        return (believed, second is { } other ? Ordered([new WorkOrder(other, missing, WorkReason.Checks)]) : WorkOrders.None);
    }

    /// <summary>A sum was taken: the claim that it refutes, or null.</summary>
    public Claim? OnComputed(WorkerId worker, Subtree subtree, RoundId round, Predicate<int> isMissing) =>
        _opinions.IsEmpty ? null : _opinions.OnTaken(worker, subtree, round, isMissing);

    /// <summary>With bounded staleness, what a free worker goes on with: the furthest behind of its shards, all that are at the same step, which travel as one sum for each subtree.</summary>
    public static ImmutableArray<int> AtOwnPace(ShardHost host, StaleClocks clocks, long end)
    {
        long step = long.MaxValue;
        foreach (int shard in host.Shards)
            if (clocks.MayBegin(shard, end)) step = Math.Min(step, clocks[shard]);
        return [.. host.Shards.Where(shard => clocks[shard] == step)];
    }

    private static int BitReversed(int value, int bits)
    {
        int reversed = 0;
        for (int bit = 0; bit < bits; bit++) reversed |= (value >> bit & 1) << (bits - 1 - bit);
        return reversed;
    }

    private WorkOrders StandIn(OpenRound? round)
    {
        if ((_silent.Count == 0 && _homeless.Count == 0) || round is not { } open || (carries && open.Purpose == RoundPurpose.Train)) return WorkOrders.None;
        ShardHost[] there = [.. Heard];
        SortedSet<int> wanted = [.. _homeless, .. _hosts.All.Where(IsSilent).SelectMany(host => host.Shards)];

        // What nobody has held yet is on its way, unless its home is a node that was silent before this life began.
        if (_silent.Count > 0) wanted.UnionWith(_hosts.Unhosted);
        wanted.ExceptWith(there.SelectMany(host => host.Shards));
        WorkOrder[] orders = WorkOrder.Deal([.. wanted.Where(shard => open.Awaits(shard) && !_stoodInFor.Contains(shard))], there, WorkReason.StandsIn);
        foreach (WorkOrder order in orders) _stoodInFor.UnionWith(order.Shards);
        return Ordered(orders);
    }

    private WorkOrders Ordered(WorkOrder[] orders)
    {
        foreach (WorkOrder order in orders) _asked.Add(order.Worker, order.Shards);
        return new WorkOrders(orders, []);
    }

    private ImmutableArray<int> Reopened(Predicate<int> isMissing, int repeats) =>
        [.. Enumerable.Range(0, shardCount).Where(shard => isMissing(shard) && (repeats >= RepeatsBeforeReopening || !_hosts.IsHosted(shard)))];
}
